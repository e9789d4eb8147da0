import { newApp, openChannel } from './chat.ts';
import type { Node } from './ground.ts';
import { readLog } from './read-log.ts';

/** The one channel of an app of {@link openGeneralChannel}. */
export const channelId = 'messaging:general';

/** Makes an app of the test's own with one channel, which has no members; the app's id. */
export async function openGeneralChannel(node: Node): Promise<string> {
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, channelId);
  return appId;
}

/** The positions of the channel's log that are taken, as a reader gets them. */
export const seqsOf = async (node: Node, appId: string): Promise<number[]> =>
  (await readLog(node, appId, channelId, 0, 100)).events.map((event) => event.seq);
