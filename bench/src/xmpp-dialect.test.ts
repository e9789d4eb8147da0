import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { textOfNow } from './broadcaster.ts';
import { LightClient, type Tally } from './light-client.ts';
import { xmpp, xmppMessage } from './xmpp-dialect.ts';

const features = (inside: string) => `<stream:stream id='1'><stream:features>${inside}</stream:features>`;
const entered =
  "<presence><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>" +
  `<message type='groupchat' from='${'r'.repeat(300)}'><subject/></message>`;

/** A server that answers each thing that it receives with the next thing that it has to say, a byte at a time if asked to. */
async function serve(answers: readonly string[]) {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    socket.on('data', (data) => {
      const answer = answers[heard.push(data.toString()) - 1] ?? '';
      for (const part of answer.split(/(?<=<)/)) socket.write(part);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // A server that listens on a port has an address of this form.
  return { heard, sockets, address: new URL(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`) };
}

const welcome = [
  features('<mechanisms/>'),
  "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
  features('<bind/>'),
  "<iq type='result' id='bind'><bind><jid>1@users.localhost/2</jid></bind></iq>",
  entered,
];

test('a client logs in, enters the room, and counts what is said in it from then on, however it is cut', async () => {
  const { heard, sockets, address } = await serve(welcome);
  const latencies: number[] = [];
  const tally: Tally = { messages: 0, bytes: 0, onLatency: (ms) => latencies.push(ms) };
  const client = new LightClient(address, xmpp(7), tally, { index: 7, samples: true });
  onTestFinished(() => client.close());
  await client.ready;
  expect(heard).toHaveLength(5);
  expect(heard[1]).toContain("mechanism='ANONYMOUS'");
  expect(heard[4]).toContain("to='bench@rooms.localhost/user-7'");
  const message = xmppMessage(1, textOfNow()).toString();
  sockets[0]?.write(message + message + message.slice(0, 250));
  await expect.poll(() => tally.messages).toBe(2);
  sockets[0]?.write(message.slice(250));
  await expect.poll(() => tally.messages).toBe(3);
  expect(latencies).toHaveLength(3);
  expect(Math.max(...latencies)).toBeLessThan(60_000);
});

test('a client that is refused says what the server said', () => {
  const client = { send: vi.fn(), markReady: vi.fn() };
  const answer = Buffer.from('<stream:features/><failure><not-authorized/></failure>');
  expect(() => xmpp(1).next(answer, 0)).toThrow('not-authorized');
  expect(client.markReady).not.toHaveBeenCalled();
});
