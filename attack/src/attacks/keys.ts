import { createServerClient, mintUserToken } from '@parley/sdk-server';
import { ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { type AttackSocket, openSocket } from '../socket.ts';
import type { Target } from '../target.ts';

const boundMs = 1_000;

/** Every place where sockets are taken. */
const socketUrls = ({ socketUrl, nodes }: Target): readonly string[] => [
  socketUrl,
  ...nodes.fanout.map((url) => `${url.replace(/^http/, 'ws')}/graphql`),
];

/** From a time of `performance.now()` on; Infinity when the socket is still open long after the bound. */
const msUntilClosed = ({ closed }: AttackSocket, since: number, patienceMs: number): Promise<number> =>
  Promise.race([
    closed.then(({ at }) => at - since),
    new Promise<number>((resolve) => setTimeout(resolve, patienceMs, Number.POSITIVE_INFINITY)),
  ]);

export const leakedKey: Attack = {
  name: 'leaked-key',
  what: 'tokens of a key go on being used after it was revoked, over HTTP and over open sockets on every node',
  bound: 'HTTP refused at once, sockets closed within 1 s',
  async run(target, within) {
    const [person] = await target.people('thief');
    if (person === undefined) throw new Error('no person');
    const leaked = await target.server.createKey({ label: 'leaked' });
    const key = { keyId: leaked.key.id, secret: leaked.secret };
    const token = await mintUserToken(key, person.id, { expiresInSeconds: 600 });
    const server = await createServerClient({ url: target.graphqlUrl, ...key }).mintServerToken();
    const sockets = await Promise.all(
      socketUrls(target).flatMap((url) => [openSocket(url, token), openSocket(url, server)]),
    );
    const before = await ask(target, token, '{me{id}}');
    await target.server.revokeKey(key.keyId);
    const revoked = performance.now();
    const after = await Promise.all([token, server].map((one) => ask(target, one, '{app{id}}')));
    const closed = await Promise.all(sockets.map((socket) => msUntilClosed(socket, revoked, within(boundMs) * 5)));
    for (const socket of sockets) socket.close();
    const worst = Math.max(...closed);
    return finding(
      `HTTP ${after.map(({ status }) => status).join(', ')}; the last of ${sockets.length} sockets closed after ${Math.round(worst)} ms`,
      ['valid before', before.code === null],
      ['refused', after.every(({ status }) => status === 401)],
      ['closed', worst <= within(boundMs)],
    );
  },
};

export const lastKey: Attack = {
  name: 'last-key',
  what: 'whoever has the only key of an app revokes it, to lock its owner out',
  bound: 'refused; the key stays valid',
  async run(target) {
    const valid = (await target.server.listKeys()).filter(({ revokedAt }) => revokedAt === null);
    const refusals = await Promise.all(
      valid.slice(0, 1).map(({ id }) =>
        target.server.revokeKey(id).then(
          () => null,
          (error: unknown) => String(error),
        ),
      ),
    );
    const left = (await target.server.listKeys()).filter(({ revokedAt }) => revokedAt === null).length;
    return finding(`${valid.length} valid key; ${refusals.join().slice(0, 80)}…`, [
      'refused, and one is left',
      valid.length === 1 && left === 1 && !refusals.includes(null),
    ]);
  },
};

export const deletedUser: Attack = {
  name: 'deleted-user',
  what: 'a deleted user goes on with an open socket and an old token, also after being made anew',
  bound: 'refused at once, the socket closed within 1 s',
  async run(target, within) {
    const [person] = await target.people('deleted');
    if (person === undefined) throw new Error('no person');
    const socket = await openSocket(target.socketUrl, person.token);
    await target.server.deleteUsers([person.id]);
    const deleted = performance.now();
    const after = await ask(target, person.token, '{me{id}}');
    const closedMs = await msUntilClosed(socket, deleted, within(boundMs) * 5);
    socket.close();
    await target.server.upsertUsers([{ id: person.id }]);
    const anew = await ask(target, person.token, '{me{id}}');
    return finding(
      `HTTP ${after.status}, and ${anew.status} when made anew; the socket closed after ${Math.round(closedMs)} ms`,
      ['refused', after.status === 401 && anew.status === 401],
      ['closed', closedMs <= within(boundMs)],
    );
  },
};
