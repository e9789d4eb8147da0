import type { InboxEvent, MembersAdded } from '@parley/contracts';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { newApp, openChannel } from '../../../test/chat.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground } from '../../../test/ground.ts';
import { createInboxService } from './service.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

test('notices that failed at first are sent later, none forgotten', async () => {
  let faults = 2;
  const node = await ground.node({ modules: 'idle' });
  const inbox = createInboxService({
    ...node,
    sql: node.db,
    sources: {
      async channels(appId, ids) {
        faults -= 1;
        if (faults >= 0) throw new Error('the database is away');
        return await node.channels.byIds(appId, ids);
      },
      lastMessages: node.messages.lastOf,
    },
  });
  onTestFinished(inbox.close);
  node.onPublished(inbox.published);
  const { appId } = await newApp(node);
  const channelId = 'messaging:room';
  await openChannel(node.db, appId, channelId, ['ada', 'bob']);
  const published = new Map<string, InboxEvent[]>();
  for (const id of ['ada', 'bob']) {
    const events: InboxEvent[] = [];
    published.set(id, events);
    node.bus.subscribe(subjects.user(appId, id), (payload) => events.push(...JSON.parse(payload).events));
  }
  const members = await node.db.query<MembersAdded['members'][number]>(
    `SELECT json_build_object('id', user_id) AS user, role, created_at AS "createdAt", custom FROM members WHERE app_id = $1 ORDER BY user_id`,
    [appId],
  );
  for (const member of members)
    await node.log.write(appId, channelId, {
      run: async (tx) => {
        tx.append<MembersAdded>({ __typename: 'MembersAdded', actor: null, members: [member], memberCount: 2 });
      },
    });
  for (const id of ['ada', 'bob'])
    await eventually(() =>
      expect(published.get(id)?.filter((event) => event.__typename === 'ChannelJoined')).toMatchObject([
        { channel: { id: channelId } },
      ]),
    );
});
