import { openRawWatch, type RawWatch } from '../workload/raw-watch.ts';
import type { Tenant } from '../world/tenant.ts';

/** Many sockets on one node, of which a few are going to stop reading. */
export interface ManySockets {
  readonly roomId: string;
  /** What the slow ones watch, and one who goes on reading: busy, so that they fall behind soon. */
  readonly busyId: string;
  readonly others: readonly RawWatch[];
  readonly slow: readonly RawWatch[];
  /** Watches the busy channel as the slow ones do, from a position in its log. */
  watchBusy(after?: number): Promise<RawWatch>;
  close(): void;
}

export interface ManySocketsOptions {
  readonly tenant: Tenant;
  /** `ws://…` of the one node. */
  readonly url: string;
  readonly sockets: number;
  readonly slow: number;
}

const socketsPerUser = 10;
const openAtOnce = 20;

export async function openManySockets({ tenant, url, sockets, slow }: ManySocketsOptions): Promise<ManySockets> {
  const { server } = tenant;
  const userIds = Array.from({ length: Math.ceil(sockets / socketsPerUser) }, (_, index) => `u${index}`);
  await server.upsertUsers(userIds.map((id) => ({ id })));
  const make = async (key: string) => (await server.createChannel({ type: 'messaging', key, memberIds: userIds })).id;
  const [roomId, busyId] = [await make('room'), await make('busy')];
  const open = async (index: number, channelId: string, after?: number): Promise<RawWatch> => {
    const token = await tenant.token(userIds[index % userIds.length] ?? '');
    const watch = openRawWatch({ url, token, channelId, ...(after === undefined ? {} : { after }) });
    await watch.synced;
    return watch;
  };
  const others: RawWatch[] = [];
  let next = 0;
  const openNext = async () => {
    while (next < sockets - slow) {
      const index = next;
      next += 1;
      others.push(await open(index, roomId));
    }
  };
  await Promise.all(Array.from({ length: openAtOnce }, openNext));
  const behind = await Promise.all(Array.from({ length: slow }, (_, index) => open(index, busyId)));
  const reopened: RawWatch[] = [];
  return {
    roomId,
    busyId,
    others,
    slow: behind,
    async watchBusy(after) {
      const watch = await open(slow, busyId, after);
      reopened.push(watch);
      return watch;
    },
    close() {
      for (const watch of [...others, ...behind, ...reopened]) watch.close();
    },
  };
}
