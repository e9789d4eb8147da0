import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ownValue } from '@parley/contracts';

/** Keeps pages that are about the platform itself for those who run it. */
export interface OperatorAccess {
  /** Answers a stranger by saying what is missing; returns whether it did. */
  refuse(request: IncomingMessage, response: ServerResponse): boolean;
}

const loopbackAddress = /^(?:127\.|::1$|::ffff:127\.)/;
const loopbackHost = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * With a token: whoever sends it as `Authorization: Bearer`. Without one: whoever asks on the machine itself, which a request is not that came
 * through a proxy or by a name that a page elsewhere made resolve to 127.0.0.1.
 */
export function createOperatorAccess(token?: string): OperatorAccess {
  const expected = token === undefined ? undefined : digest(token);
  return {
    refuse(request, response) {
      if (expected === undefined ? isOnThisMachine(request) : timingSafeEqual(digest(bearerOf(request)), expected))
        return false;
      const [status, cure] =
        expected === undefined
          ? [403, 'ask on the machine itself, or set OPERATOR_TOKEN and send it as "Authorization: Bearer <token>"']
          : [401, 'send OPERATOR_TOKEN as "Authorization: Bearer <token>"'];
      response.writeHead(status, {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      });
      response.end(request.method === 'HEAD' ? undefined : `unable to show this page; it is for operators: ${cure}\n`);
      return true;
    },
  };
}

function isOnThisMachine({ socket, headers }: IncomingMessage): boolean {
  return (
    loopbackAddress.test(socket.remoteAddress ?? '') &&
    loopbackHost.test(headers.host ?? '') &&
    forwarded.every((name) => ownValue(headers, name) === undefined)
  );
}

const bearerOf = ({ headers }: IncomingMessage): string =>
  /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? '';

/** Of one length, as a comparison in constant time needs. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
