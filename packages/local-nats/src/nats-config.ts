/** Who may connect, and what they may say and hear. */
export interface NatsUser {
  readonly name: string;
  readonly password: string;
  readonly publish: NatsSubjects;
  readonly subscribe: NatsSubjects;
}

/** Patterns of subjects; what is denied is denied though a pattern allows it. */
export interface NatsSubjects {
  readonly allow: readonly string[];
  readonly deny?: readonly string[];
}

/** Where a server meets the others that it is one bus with. */
export interface NatsRoutes {
  /** TCP port on 127.0.0.1 for the others. */
  readonly port: number;
  /** Those of all, this one's too. */
  readonly ports: readonly number[];
  readonly password: string;
}

const routeUser = 'route';

/** The text of a configuration file: JSON is one of the forms that nats-server takes. */
export function natsConfig(users: readonly NatsUser[], routes?: NatsRoutes): string {
  const authorization = {
    users: users.map(({ name, password, publish, subscribe }) => ({
      user: name,
      password,
      permissions: { publish, subscribe },
    })),
  };
  if (routes === undefined) return JSON.stringify({ authorization });
  const { port, ports, password } = routes;
  const cluster = {
    name: 'parley',
    listen: `127.0.0.1:${port}`,
    authorization: { user: routeUser, password },
    routes: ports.map((one) => `nats://${routeUser}:${password}@127.0.0.1:${one}`),
    // A client uses the addresses that it was given, not those that a server knows of.
    no_advertise: true,
  };
  return JSON.stringify({ authorization, cluster });
}
