import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Principal, type Rpc, type RpcMethod, reservedChannel } from '@parley/contracts/bus';
import type { Clock } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';

const dayMs = 86_400_000;
const secretBytes = 32;

/** Lets the canary's own client in: a secret of this process, unknown to everybody else and to the API. */
export class CanaryKey {
  readonly token = randomBytes(secretBytes).toString('base64url');
  readonly #token = Buffer.from(this.token);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  opens(token: string): boolean {
    const given = Buffer.from(token);
    return given.length === this.#token.length && timingSafeEqual(given, this.#token);
  }

  /** For a day, after which the client connects again. */
  principal(): Principal {
    const now = this.#clock.now();
    return {
      appId: reservedChannel.appId,
      keyId: 'canary',
      scope: 'server',
      userId: null,
      issuedAt: Math.floor(now / 1_000),
      expiresAt: Math.floor((now + dayMs) / 1_000),
    };
  }
}

const emptyLog = { epoch: '', head: 0, floor: 0 };

type OwnAnswers = {
  readonly [Method in RpcMethod]?: (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']> | undefined;
};

/** Answers what is asked about the reserved channel on this node itself, since the API knows of no such app; everything else goes to `ask`. */
export function answerForCanary(ask: AskApi, key: CanaryKey): AskApi {
  const isReserved = ({ appId }: { readonly appId: string }): boolean => appId === reservedChannel.appId;
  const own: OwnAnswers = {
    'session.open': ({ token }) => (key.opens(token) ? Promise.resolve(key.principal()) : undefined),
    'session.check': ({ principal }) => (isReserved(principal) ? Promise.resolve({}) : undefined),
    'channel.join': ({ principal }) => (isReserved(principal) ? Promise.resolve(emptyLog) : undefined),
    'channel.authorize': ({ principal }) => (isReserved(principal) ? Promise.resolve({}) : undefined),
    'channel.reads': ({ appId }) => (isReserved({ appId }) ? Promise.resolve({ head: 0, reads: [] }) : undefined),
  };
  return (method, request, timeoutMs) => own[method]?.(request) ?? ask(method, request, timeoutMs);
}
