import { setTimeout as delay } from 'node:timers/promises';
import { type AppsService, openAdministration } from '@parley/api/administration';
import { createServerClient } from '@parley/sdk-server';
import { silentLogger } from '@parley/service-kit';
import type { Violation } from '../checker/state.ts';
import type { Random } from '../random.ts';
import { within } from '../within.ts';
import { openRawWatch, type RawWatch } from '../workload/raw-watch.ts';
import { openStreamWatch } from '../workload/stream-watch.ts';
import type { InsideWorld } from '../world/inside.ts';
import { openBystander, retryable } from './bystander.ts';
import { type Revocation, victimTokenAgeMs } from './kinds.ts';

export interface Enacted {
  readonly acknowledged: number;
  readonly violations: readonly Violation[];
  /** From the answer to the revocation until the last event that the victim received, ms; 0 when none came after it. */
  readonly lastEventMs: number;
  /** From the answer until the victim's subscription had ended, ms. */
  readonly cutMs: number;
}

type Victim = Pick<RawWatch, 'events' | 'synced' | 'ended' | 'end' | 'renew' | 'close'>;

const promisedMs = 1_000;
const sendEveryMs = 15;
const calmMs = 700;

/** Takes a right away while messages pour in, and looks at what its holder still hears, on every fan-out node, and can get afterwards. */
export async function enact(
  { name, asAdmin = false, origin, refusals, sparesOthers, revoke }: Revocation,
  {
    world,
    apps,
    random,
    short,
  }: {
    readonly world: InsideWorld;
    readonly apps: AppsService;
    readonly random: Random;
    readonly short: boolean;
  },
): Promise<Enacted> {
  const cutWithinMs = within(promisedMs, { short });
  const patienceMs = cutWithinMs * 5;
  const tenant = await world.tenant();
  const victimId = 'victim';
  await tenant.server.upsertUsers([
    ...['writer', 'bystander'].map((id) => ({ id, name: id })),
    { id: victimId, name: victimId, role: asAdmin ? 'admin' : 'user' },
  ]);
  const { id: channelId } = await tenant.server.createChannel({
    type: 'messaging',
    key: 'room',
    memberIds: ['writer', 'bystander', ...(asAdmin ? [] : [victimId])],
  });
  const victimKey = await apps.createKey(tenant.appId);
  const victimServer = createServerClient({ url: world.places[0]?.url ?? '', ...victimKey });
  const token = await victimServer.mintUserToken(victimId);
  const from = origin === undefined ? {} : { origin };
  const ways: readonly ((url: string, after?: number) => Victim)[] = [openRawWatch, openStreamWatch].map(
    (open) => (url, after) => open({ url, token, channelId, ...from, ...(after === undefined ? {} : { after }) }),
  );
  const victims = world.places.flatMap(({ subscriptionsUrl }) => ways.map((watch) => watch(subscriptionsUrl)));
  const others = await Promise.all(
    world.places.map(async ({ subscriptionsUrl: url }) =>
      openBystander({ url, token: await tenant.token('bystander'), channelId }),
    ),
  );
  const violations: Violation[] = [];
  const broken = (detail: string) => void violations.push({ breach: 'promise', detail: `${name}: ${detail}` });
  const writer = startWriter(tenant.server, channelId);
  try {
    await Promise.all([...victims, ...others].map(({ synced }) => synced));
    await delay(victimTokenAgeMs + random.next() * 500);

    await revoke({
      tenant,
      channelId,
      victimId,
      victimKeyId: victimKey.keyId,
      apps,
      async administrate(work) {
        const administration = await openAdministration({
          databaseUrl: world.databaseUrl,
          logger: silentLogger(),
          testMode: true,
        });
        try {
          await work(administration);
        } finally {
          await administration.close();
        }
      },
      async renew() {
        const fresh = await victimServer.mintUserToken(victimId);
        for (const victim of victims) victim.renew(fresh);
      },
    });
    const revokedAt = Date.now();
    await Promise.race([Promise.all(victims.map(({ ended }) => ended)), delay(patienceMs)]);
    // Whatever is still on its way has time to come.
    await delay(promisedMs);
    const lastEventMs = Math.max(0, ...victims.map(({ events }) => (events.at(-1)?.at ?? 0) - revokedAt));
    const cutMs = Math.max(0, ...victims.map(({ end }) => (end?.at ?? Number.POSITIVE_INFINITY) - revokedAt));
    if (lastEventMs > cutWithinMs) broken(`the last event came ${lastEventMs} ms after it`);
    if (cutMs > cutWithinMs) broken(`a subscription ended ${cutMs} ms after it`);
    for (const { end } of victims)
      if (end !== undefined && !refusals.includes(end.code) && !retryable.has(end.code))
        broken(`a subscription ended with ${end.code}`);
    if (victims.some(({ events }) => events.length === 0))
      broken('a victim heard nothing before it, so this proves nothing');

    // From before the last it heard, so that there is something to replay.
    const after = Math.max(0, (victims[0]?.events.at(-1)?.seq ?? 0) - 5);
    for (const { subscriptionsUrl } of world.places) {
      for (const watch of ways) {
        const { events, code } = await resume(() => watch(subscriptionsUrl, after), patienceMs);
        if (events > 0) broken(`a resume gave ${events} events`);
        if (code === undefined || !refusals.includes(code)) broken(`a resume ended with ${code ?? 'nothing'}`);
      }
    }
    for (const { url } of world.places)
      if ((await historyFor(url, { token, channelId, origin })).includes('"text"')) broken('a query gave history');

    await delay(calmMs);
    const acknowledged = await writer.stop();
    const head = Math.max(0, ...others.map((other) => other.events().at(-1)?.seq ?? 0));
    if (sparesOthers && !others.every((other) => (other.events().at(-1)?.at ?? 0) > revokedAt))
      broken('nothing was written after it, so this proves nothing');
    if (sparesOthers) for (const other of others) for (const fault of other.faults(head)) broken(fault);
    return { acknowledged: acknowledged.length, violations, lastEventMs, cutMs };
  } finally {
    await writer.stop();
    for (const one of [...victims, ...others]) one.close();
  }
}

/** Comes back until the answer is final, as clients do. */
async function resume(watch: () => Victim, patienceMs: number) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const again = watch();
    await Promise.race([again.ended, delay(deadline - Date.now())]);
    const code = again.end?.code;
    const events = again.events.length;
    again.close();
    if (events > 0 || code === undefined || !retryable.has(code) || Date.now() >= deadline) return { events, code };
  }
}

/** Sends as fast as answers come, up to a pace; a refusal ends nothing. */
function startWriter(
  server: { sendMessage(userId: string, input: object): Promise<{ seq: number }> },
  channelId: string,
) {
  const acknowledged: number[] = [];
  let stopped = false;
  const run = async () => {
    for (let index = 0; !stopped; index += 1) {
      await server.sendMessage('writer', { channelId, text: `secret ${index}` }).then(
        ({ seq }) => acknowledged.push(seq),
        () => undefined,
      );
      await delay(sendEveryMs);
    }
  };
  const running = run();
  return {
    async stop() {
      stopped = true;
      await running;
      return acknowledged;
    },
  };
}

interface HistoryQuestion {
  readonly token: string;
  readonly channelId: string;
  readonly origin: string | undefined;
}

async function historyFor(url: string, { token, channelId, origin }: HistoryQuestion): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...(origin === undefined ? {} : { origin }),
    },
    body: JSON.stringify({
      query: 'query($id:ID!){channel(id:$id){messages(last:5){nodes{text}}}}',
      variables: { id: channelId },
    }),
  });
  return await response.text();
}
