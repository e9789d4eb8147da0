import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { canMount, createSmallDisk } from '../../test/full-disk.ts';
import { createRoom, type Room } from '../../test/room.ts';
import { createWorld, type World } from '../../test/world.ts';

const full = 'unable to write; the storage of the database is full';

const ready = async (world: World) => {
  const response = await fetch(`${world.url}/readyz`);
  return { status: response.status, body: await response.json() };
};
const isFull = { status: 503, body: { ok: false, checks: { postgres: 'ok', storage: full } } };
const isReady = { status: 200, body: { ok: true, checks: { postgres: 'ok', storage: 'ok' } } };

const messageOf = (channelId: string) => ({ channelId, id: randomUUID(), text: 'x'.repeat(9_000) });

/** Sends until one is refused, since pages that exist have room for some. */
async function sendUntilRefused(room: Room, channelId: string): Promise<unknown> {
  for (let sent = 0; sent < 2_000; sent += 1) {
    const refusal = await room.refused('sendMessage', messageOf(channelId)).catch(() => null);
    if (refusal !== null) return refusal;
  }
  throw new Error('the disk did not fill');
}

describe('a database whose storage is full', () => {
  test.skipIf(!canMount)(
    `is told from a busy one, reads go on, and room is noticed${canMount ? '' : ' (needs root on Linux, to mount a small disk)'}`,
    async () => {
      const disk = await createSmallDisk();
      const world = await createWorld({ databaseUrl: disk.databaseUrl });
      onTestFinished(async () => {
        await world.close();
        await disk.remove();
      });
      const room = await createRoom(world);
      const channelId = await room.open('full');
      expect(await ready(world)).toEqual(isReady);
      await disk.fill();
      expect(await sendUntilRefused(room, channelId)).toMatchObject({ code: 'unavailable', message: full });
      expect(await ready(world)).toEqual(isFull);
      expect(await room.query('{ me { id } }')).toEqual({ me: { id: 'ada' } });
      await disk.makeRoom();
      expect(await ready(world)).toEqual(isReady);
      await room.act('sendMessage', messageOf(channelId));
    },
    60_000,
  );

  test('is not ready until a write succeeds again', async () => {
    const world = await createWorld();
    onTestFinished(() => world.close());
    const room = await createRoom(world);
    const channelId = await room.open('full');
    const message = messageOf(channelId);
    // Triggers of this test's own stand for the file system.
    await world.db.query(`CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`);
    await world.db.query(`CREATE FUNCTION disk_full_for_tables() RETURNS event_trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`);
    await world.db.query('CREATE TRIGGER full_disk BEFORE INSERT ON messages EXECUTE FUNCTION disk_full()');
    await world.db.query(`CREATE EVENT TRIGGER full_disk ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS')
      EXECUTE FUNCTION disk_full_for_tables()`);
    expect(await ready(world)).toEqual(isReady);
    expect(await room.refused('sendMessage', message)).toMatchObject({
      code: 'unavailable',
      message: full,
      retryAfterMs: 10_000,
    });
    expect(await ready(world)).toEqual(isFull);
    await world.db.query('DROP EVENT TRIGGER full_disk');
    await world.db.query('DROP TRIGGER full_disk ON messages');
    expect(await ready(world)).toEqual(isReady);
    expect(await room.act('sendMessage', message)).toMatchObject({ seq: expect.any(Number) });
  });
});
