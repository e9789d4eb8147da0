import { invalidInput, limits, parseUserId } from '@parley/contracts';
import { checkedCustom, checkedName, checkedUrl } from '../channels/field-rules.ts';
import type { UserPatch, UserRecord } from './repository.ts';
import type { UpdateMeInput, UserInput } from './service.ts';

const rolePattern = /^[a-z][a-z0-9_-]{0,63}$/;

/** @throws invalid_input */
export function checkedUsers(inputs: readonly UserInput[]): UserRecord[] {
  if (inputs.length > limits.upsertUsers)
    throw invalidInput(
      'users',
      `one call takes up to ${limits.upsertUsers} users, send the rest in another`,
      limits.upsertUsers,
    );
  const seen = new Set<string>();
  return inputs.map((input, index) => {
    const field = (name: string) => `users.${index}.${name}`;
    const id = parseUserId(input.id, field('id'));
    if (seen.has(id)) throw invalidInput(field('id'), 'name each user once');
    seen.add(id);
    return {
      id,
      name: checkedName(field('name'), input.name ?? null),
      image: checkedUrl(field('image'), input.image ?? null),
      role: checkedRole(field('role'), input.role ?? 'user'),
      custom: checkedCustom(field('custom'), input.custom ?? {}),
    };
  });
}

/** @throws invalid_input */
export function checkedPatch({ name, image, custom }: UpdateMeInput): UserPatch {
  return {
    ...(name === undefined ? {} : { name: checkedName('name', name) }),
    ...(image === undefined ? {} : { image: checkedUrl('image', image) }),
    ...(custom === undefined ? {} : { custom: checkedCustom('custom', custom ?? {}) }),
  };
}

function checkedRole(field: string, role: string): string {
  if (rolePattern.test(role)) return role;
  throw invalidInput(field, 'a role is 1 to 64 of a-z 0-9 _ - and begins with a letter, for example "user"', 64);
}
