import { type NatsServer, requireTool, startNats } from '@parley/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chats, eventually, open, textsOf } from './two-people-chat.ts';
import { startWorld, type World } from './world.ts';

const nats = requireTool('nats-server');

describe.skipIf(nats.missing)(nats.label('two people on two API and two fan-out nodes over NATS'), () => {
  let server: NatsServer;
  let world: World;
  beforeAll(async () => {
    server = await startNats();
    world = await startWorld({ apiNodes: 2, fanoutNodes: 2, natsUrl: server.url });
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
  });

  const pair = async () => {
    const app = await world.app();
    return { app, ada: app.person('ada', { api: 0, fanout: 0 }), bob: app.person('bob', { api: 1, fanout: 1 }) };
  };

  test.for(Object.entries(chats))('%s', async ([, chat]) => {
    expect.hasAssertions();
    await chat(await pair());
  });

  test('what was sent while NATS was down arrives when it is back', async () => {
    const { app, ada, bob } = await pair();
    const id = await app.channel('ada', 'bob');
    const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
    await adas.send('before');
    await eventually(() => expect(textsOf(bobs)).toEqual(['before']));
    await server.kill();
    const token = await app.token('ada');
    const [apiUrl] = world.apiUrls;
    for (const text of ['one', 'two']) {
      const response = await fetch(apiUrl ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({
          query: 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { seq } }',
          variables: { input: { channelId: id, text } },
        }),
      });
      expect(await response.json()).toMatchObject({ data: { sendMessage: { seq: expect.any(Number) } } });
    }
    await server.restart();
    await eventually(() => expect(textsOf(bobs)).toEqual(['before', 'one', 'two']));
  });
});
