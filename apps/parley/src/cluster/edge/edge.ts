import type { IncomingMessage, ServerResponse } from 'node:http';
import { createOperatorAccess } from '@parley/service-kit';
import { addressesOf } from '../../dev/addresses.ts';
import type { DemoApp } from '../../dev/demo-app.ts';
import { createDemoRoutes } from '../../dev/demo-routes.ts';
import type { DevServer } from '../../dev/server.ts';
import type { Backends } from './backends.ts';
import { createEdgeHealth } from './edge-health.ts';
import { createRequestForwarder } from './forward-request.ts';
import { createUpgradeForwarder } from './forward-upgrade.ts';

export interface EdgeOptions {
  readonly server: DevServer;
  readonly api: Backends;
  readonly fanout: Backends;
  readonly app: DemoApp;
  /** Requests and event streams under way at once, past which further ones are refused; 4,000 when absent. */
  readonly mostRequests?: number | undefined;
  /** Sockets at once, past which further ones are refused; 20,000 when absent. */
  readonly mostSockets?: number | undefined;
}

/** What makes many nodes look like one. */
export interface Edge {
  /** Cuts the connections that are left. */
  close(): void;
}

/** Opens the server: requests go to API nodes, sockets and event streams to fan-out nodes. */
export function openEdge({ server, api, fanout, app, mostRequests, mostSockets }: EdgeOptions): Edge {
  const operators = createOperatorAccess();
  const requests = createRequestForwarder({ most: mostRequests });
  const upgrades = createUpgradeForwarder({ most: mostSockets });
  server.open({
    ...createDemoRoutes(addressesOf(server), app),
    graphql: (request: IncomingMessage, response: ServerResponse) => requests.forward(api, request, response),
    eventStream: (request: IncomingMessage, response: ServerResponse) => requests.forward(fanout, request, response),
    upgrade: (request, socket, head) => upgrades.forward(fanout, request, socket, head),
    health: createEdgeHealth([api, fanout]),
    doctor(request: IncomingMessage, response: ServerResponse) {
      // The node sees a request from this machine, so whether it is one is judged here.
      if (!operators.refuse(request, response)) requests.forward(fanout, request, response, { asOperator: true });
    },
  });
  return {
    close() {
      upgrades.close();
      requests.close();
    },
  };
}
