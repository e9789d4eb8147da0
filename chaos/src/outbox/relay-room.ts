import { setTimeout as delay } from 'node:timers/promises';
import { subjects } from '@parley/contracts/bus';
import { createClient } from '@parley/sdk-js';
import type { Bus } from '@parley/service-kit';
import { Client } from 'pg';
import type { Violation } from '../checker/state.ts';
import { checkTracks } from '../checker/tracks.ts';
import { createHistory } from '../history.ts';
import { readRows } from '../read-back.ts';
import { trackChannel } from '../workload/track-channel.ts';
import type { InsideOptions } from '../world/inside.ts';
import type { Tenant } from '../world/tenant.ts';
import type { Worlds } from '../world/worlds.ts';
import type { Relayed } from './relay-check.ts';

/** Channels whose logs are written past the API, so that only sweeps give out what is in them. */
export interface RelayRoom {
  readonly databaseUrl: string;
  readonly tenant: Tenant;
  readonly bus: Bus;
  readonly channelIds: readonly string[];
  /** What the bus carried so far, in its order. */
  readonly heard: readonly Relayed[];
  /** Waits until the outbox is empty and those who follow have it all; what is wrong at the deadline. */
  settle(withinMs: number): Promise<Violation[]>;
  close(): Promise<void>;
}

export interface RelayRoomOptions {
  readonly worlds: Worlds;
  readonly channels: number;
  /** Of these, channels that one SDK client on each fan-out node follows. */
  readonly followed: number;
  readonly clockOf?: InsideOptions['clockOf'];
}

const people = ['ada', 'bob'];
const lookEveryMs = 50;

export async function openRelayRoom({ worlds, channels, followed, clockOf }: RelayRoomOptions): Promise<RelayRoom> {
  const buses: Bus[] = [];
  const world = await worlds.inside({
    wrapBus(_node, bus) {
      buses.push(bus);
      return bus;
    },
    ...(clockOf === undefined ? {} : { clockOf }),
  });
  const [bus] = buses;
  if (bus === undefined) throw new Error('unable to listen; the world has no bus');
  const tenant = await world.tenant();
  const { appId } = tenant;
  await tenant.server.upsertUsers(people.map((id) => ({ id, name: id })));
  const channelIds: string[] = [];
  const heard: Relayed[] = [];
  for (let index = 0; index < channels; index += 1) {
    const { id } = await tenant.server.createChannel({ type: 'messaging', key: `c${index}`, memberIds: people });
    channelIds.push(id);
    bus.subscribe(subjects.channel(appId, id), (payload) => heard.push(...relayedIn(id, payload)));
  }
  const history = createHistory();
  const clients = await Promise.all(
    world.places.map(async (place, index) => {
      const userId = people[index % people.length] ?? '';
      const client = createClient({ ...place, getToken: () => tenant.token(userId), logLevel: 'silent' });
      for (const id of channelIds.slice(0, followed))
        await trackChannel(history, client.channel(id), { appId, userId });
      return client;
    }),
  );
  const wrong = async (): Promise<Violation[]> => {
    const left = await rowsLeft(world.databaseUrl, appId);
    if (left > 0) return [{ breach: 'lost', detail: `${left} rows of the outbox are left` }];
    const rows = await readRows(world.databaseUrl, appId);
    return checkTracks(history, { rows, answers: [], clients: [], inboxes: [] });
  };

  return {
    databaseUrl: world.databaseUrl,
    tenant,
    bus,
    channelIds,
    heard,
    async settle(withinMs) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const violations = await wrong();
        if (violations.length === 0 || performance.now() > deadline) return violations.slice(0, 20);
        await delay(lookEveryMs);
      }
    },
    async close() {
      for (const client of clients) client.disconnect();
      await world.close();
    },
  };
}

async function rowsLeft(databaseUrl: string, appId: string): Promise<number> {
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  try {
    const { rows } = await sql.query<{ count: number }>('SELECT count(*)::int AS count FROM outbox WHERE app_id = $1', [
      appId,
    ]);
    return rows[0]?.count ?? 0;
  } finally {
    await sql.end();
  }
}

/** The marks that {@link writeSleepily} put into its events; others have none. */
function relayedIn(channelId: string, payload: string): Relayed[] {
  const message = JSON.parse(payload) as {
    readonly events: readonly { seq: number; __typename: string; memberCount: number }[];
  };
  return message.events
    .filter(({ __typename }) => __typename === 'MembersRemoved')
    .map(({ seq, memberCount }) => ({ channelId, seq, mark: memberCount }));
}
