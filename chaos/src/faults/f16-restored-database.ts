import { setTimeout as delay } from 'node:timers/promises';
import { writeBackup } from '@parley/api/administration';
import { createClient } from '@parley/sdk-js';
import { sendMany } from '../absence/send-many.ts';
import type { ClientView, FinalState, Violation } from '../checker/state.ts';
import { checkViews } from '../checker/views.ts';
import type { Fault } from '../fault.ts';
import { createHistory } from '../history.ts';
import { readAnswer, readRows } from '../read-back.ts';
import { putBack } from '../restored/put-back.ts';
import { viewOf } from '../workload/load.ts';
import { openRawWatch } from '../workload/raw-watch.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import type { Tenant } from '../world/tenant.ts';

/** What a channel gets before and after the backup, and after the restore: the log ends behind, at or beyond where the lost one ended. */
const cases = [
  { key: 'behind', kept: 8, lost: 12, grown: 3 },
  { key: 'level', kept: 8, lost: 6, grown: 6 },
  { key: 'beyond', kept: 8, lost: 3, grown: 20 },
  { key: 'quiet', kept: 5, lost: 4, grown: 0 },
] as const;
const wholeWithinMs = 30_000;
const lookEveryMs = 100;
const userIds = ['ada', 'bob', 'eve'] as const;

/**
 * The database is backed up while it is written to, goes on, is lost and put back from the backup, and goes on again. Ada watches all the time; Bob is away
 * meanwhile and resumes; Eve comes with a position of before by the bare protocol. All have seen messages that never were, and in the end nobody may.
 */
export const restoredDatabase: Fault = {
  id: 'F16',
  title: 'the database is put back from a backup under people who have seen what came after it',
  runs: { full: 5, short: 1 },
  async run({ worlds, random, log }) {
    const world = await worlds.inside();
    const folder = await temporaryFolder();
    const clients: ReturnType<typeof createClient>[] = [];
    try {
      const tenant = await world.tenant();
      const { appId, server } = tenant;
      const history = createHistory();
      await server.upsertUsers(userIds.map((id) => ({ id })));
      const channels = await Promise.all(
        cases.map(async (one) => {
          const { id } = await server.createChannel({ type: 'messaging', key: one.key, memberIds: [...userIds] });
          return { ...one, id };
        }),
      );
      const send = (channelId: string, count: number) => sendMany(history, tenant, channelId, count);
      const place = random.pick(world.places);
      const person = (userId: string) => {
        const client = createClient({ ...place, getToken: () => tenant.token(userId), logLevel: 'silent' });
        clients.push(client);
        const list = client.channels({ pageSize: 50 });
        list.watch();
        for (const { id } of channels) client.channel(id).watch({ openAt: 'newest' });
        return { userId, client, list };
      };
      const [ada, bob] = [person('ada'), person('bob')];
      await Promise.all([ada, bob].flatMap(({ client }) => channels.map(({ id }) => client.channel(id).ready())));
      for (const { id, kept } of channels) await send(id, kept);

      const file = `${folder.path}/chaos.backup`;
      const busy = channels.find(({ key }) => key === 'beyond');
      const writing = busy === undefined ? Promise.resolve() : send(busy.id, 30);
      const { rows } = await writeBackup({ databaseUrl: world.databaseUrl, file });
      await writing;
      for (const { id, lost } of channels) await send(id, lost);
      const { id: phantom } = await server.createChannel({
        type: 'messaging',
        key: 'phantom',
        memberIds: [...userIds],
      });
      await send(phantom, 1);
      const seen = async (): Promise<boolean> => {
        const heads = await readRows(world.databaseUrl, appId);
        return [ada, bob].every(({ client, list }) =>
          heads.every(({ channelId, head }) =>
            channelId === phantom
              ? list.get().items.some(({ id }) => id === phantom)
              : client.channel(channelId).messages.get().items.at(-1)?.seq === head,
          ),
        );
      };
      await until(seen, 'everybody to see what is going to be lost');
      const before = await Promise.all(channels.map(({ id }) => positionOf(tenant, id)));
      log(`backed up ${rows} rows; everybody has seen more`);

      bob.client.disconnect();
      await putBack(world.databaseUrl, file);
      log('put back');
      for (const { id, grown } of channels) await retried(() => send(id, grown));
      const wholeAt = performance.now();
      await bob.client.connect();

      const wrong = async (): Promise<Violation[]> => {
        const state: FinalState = {
          rows: await readRows(world.databaseUrl, appId),
          answers: await Promise.all(channels.map(({ id }) => readAnswer(tenant, id, 'eve'))),
          clients: [ada, bob].flatMap(({ client, userId }) =>
            channels.map(({ id }): ClientView => viewOf(client, { appId, userId, channelId: id })),
          ),
          inboxes: [],
        };
        const listed = [ada, bob].filter(({ list }) => list.get().items.some(({ id }) => id === phantom));
        return [
          ...checkViews(state),
          ...listed.map(
            ({ userId }): Violation => ({
              breach: 'phantom',
              detail: `the list of ${userId} shows a channel that never was`,
            }),
          ),
        ];
      };
      let violations = await wrong();
      while (violations.length > 0 && performance.now() - wholeAt < wholeWithinMs) {
        await delay(lookEveryMs);
        violations = await wrong();
      }
      const convergedMs = violations.length === 0 ? Math.round(performance.now() - wholeAt) : null;
      violations.push(...(await resumedByHand(before, await tenant.token('eve'), place.subscriptionsUrl)));
      return {
        acknowledged: history.sends.length,
        violations,
        convergedMs,
        figures: { 'rows backed up': rows, channels: channels.length },
      };
    } finally {
      for (const client of clients) client.disconnect();
      await folder.remove();
      await world.close();
    }
  },
};

interface Position {
  readonly channelId: string;
  readonly seq: number;
  readonly epoch: string;
}

async function positionOf(tenant: Tenant, channelId: string): Promise<Position> {
  const { channel } = await tenant.server.execute<{ channel: { seq: number; epoch: string } }>(
    'query($id:ID!){channel(id:$id){seq epoch}}',
    { id: channelId },
    { asUser: 'eve' },
  );
  return { channelId, ...channel };
}

/** A client that comes with a position of the lost log is told so, whether the log is shorter or longer by now. */
async function resumedByHand(positions: readonly Position[], token: string, url: string): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { channelId, seq, epoch } of positions) {
    const watch = openRawWatch({ url, token, channelId, after: seq, epoch });
    await watch.synced;
    watch.close();
    const [first] = watch.events;
    if (first?.typename !== 'ChannelReset')
      violations.push({ breach: 'promise', detail: `${channelId} after ${seq} was answered with ${first?.typename}` });
  }
  return violations;
}

/** The nodes may not have noticed yet that their connections are gone. */
async function retried(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === 10) throw error;
      await delay(200);
    }
  }
}

async function until(check: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + wholeWithinMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`unable to wait for ${what}; ${wholeWithinMs} ms are over`);
    await delay(lookEveryMs);
  }
}
