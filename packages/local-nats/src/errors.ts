/** There is no nats-server on this machine; its message says how to get one. */
export class NatsMissingError extends Error {
  override readonly name = 'NatsMissingError';

  constructor() {
    super(
      'unable to start NATS; there is no nats-server on the PATH: apt install nats-server, brew install nats-server, or see https://nats.io/download',
    );
  }
}

/** The server did not come up; its message ends with its last lines. */
export class NatsStartError extends Error {
  override readonly name = 'NatsStartError';
  readonly lastStderr: string;

  constructor(port: number, why: string, lastStderr: string) {
    super(`unable to start NATS on port ${port}; ${why}\n${lastStderr}`.trimEnd());
    this.lastStderr = lastStderr;
  }
}
