import type { Actor } from '../src/platform/actor.ts';
import { newApp } from './chat.ts';
import type { Node } from './ground.ts';
import { mintToken } from './tokens.ts';

/** An app of the test's own, and who acts in it. */
export async function createTenant(node: Node) {
  const key = await newApp(node);
  const actor = async (userId: string | null, scope?: string): Promise<Actor> =>
    (await node.auth.open(await mintToken(key, userId, scope === undefined ? {} : { scope }), null)).actor;
  return { ...key, actor, server: await actor(null, 'server') };
}
