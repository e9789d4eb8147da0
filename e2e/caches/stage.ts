import type { DevPlatform } from '@parley/cli';
import { createServerClient, type ServerClient } from '@parley/sdk-server';
import { uniqueId } from '@parley/testkit';
import { createClient, type Client as WsClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { makeChannel, post } from '../platform.ts';

/** What the tests of caches do beside the cache that they look at. */
export interface Stage {
  readonly channelId: string;
  readonly server: ServerClient;
  /** Runs a mutation as ada, whom no cache belongs to, and gives its object. */
  act(name: string, type: string, input: object, selection?: string): Promise<{ readonly id: string }>;
  /** Says something as ada. */
  say(text: string, more?: object): Promise<{ readonly id: string }>;
}

/** A channel of ada and bob on a platform that runs. */
export async function setStage(platform: DevPlatform): Promise<Stage> {
  const { id: channelId } = await makeChannel(platform, uniqueId('talk'), ['ada', 'bob']);
  const { graphqlUrl: url, apiKey: keyId, apiSecret: secret } = platform;
  const act: Stage['act'] = async (name, type, input, selection = '{ id }') => {
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`;
    const { data, errors } = await post(url, platform.tokens['ada'] ?? '', document, { input });
    if (errors !== undefined) throw new Error(`unable to ${name}; ${JSON.stringify(errors)}`);
    return (data as Record<string, { readonly id: string }>)[name] ?? { id: '' };
  };
  return {
    channelId,
    server: createServerClient({ url, keyId, secret }),
    act,
    say: (text, more = {}) => act('sendMessage', 'SendMessageInput', { channelId, text, ...more }),
  };
}

/** A socket of whom the token is of; the caches that the tests look at are bob's. */
export const socketOf = ({ subscriptionsUrl: url }: DevPlatform, token: string | undefined): WsClient =>
  createClient({
    url,
    webSocketImpl: WebSocket,
    lazy: false,
    connectionParams: { token },
  });
