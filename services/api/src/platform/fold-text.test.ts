import { foldText } from '@parley/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGround, type Ground } from '../../test/ground.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

test('the database folds every letter as the SDK does', async () => {
  const { db } = await ground.node();
  const all = Array.from({ length: 0x1ffff }, (_, point) => point + 1)
    .filter((point) => point < 0xd800 || point > 0xdfff)
    .map((point) => String.fromCodePoint(point))
    .filter((character) => /\p{L}|\p{M}|\p{N}/u.test(character));
  const rows = await db.query<{ readonly letter: string; readonly folded: string }>(
    // Those that are younger than the Unicode of the database are left as they are by it.
    'SELECT letter, parley_fold(letter) AS folded FROM unnest($1::text[]) AS letters (letter) WHERE unicode_assigned(letter)',
    [all],
  );
  const differing = rows.filter(({ letter, folded }) => folded !== foldText(letter));
  expect(differing).toEqual([]);
  expect(rows.length).toBeGreaterThan(50_000);
});
