import type { IncomingMessage, ServerResponse } from 'node:http';
import { ParleyError, parseUserId } from '@parley/contracts';
import { answerJson, answerText } from './answer.ts';
import { loopbackOrigin } from './loopback.ts';

/** What the route needs: the app that it mints for. */
export interface TokenRouteOptions {
  readonly appId: string;
  readonly apiKey: string;
  /** A token for one user, for an hour. */
  mint(userId: string): Promise<string>;
}

/** `GET /dev/token?user=ID`: whoever asks on this machine becomes that user. It exists in `parley dev` and `parley cluster` alone. */
export function createTokenRoute(options: TokenRouteOptions) {
  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    response.setHeader('Vary', 'Origin');
    const origin = loopbackOrigin(request);
    if (request.headers.origin !== undefined && origin === undefined) {
      return answerText(response, 403, 'unable to mint a token; only pages on this machine may ask for one');
    }
    if (origin !== undefined) response.setHeader('Access-Control-Allow-Origin', origin);
    if (request.method !== 'GET') {
      response.setHeader('Allow', 'GET');
      return answerText(response, 405, 'unable to mint a token; ask with GET /dev/token?user=ada');
    }
    try {
      const userId = parseUserId(url.searchParams.get('user') ?? '', 'user');
      const token = await options.mint(userId);
      answerJson(response, 200, { token, userId, appId: options.appId, apiKey: options.apiKey });
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'invalid_input') throw error;
      answerJson(response, 400, { message: error.message, extensions: error.toExtensions() });
    }
  };
}
