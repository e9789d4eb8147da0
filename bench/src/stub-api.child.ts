import { createBus, silentLogger } from '@parley/service-kit';
import { answerParent } from './child.ts';
import { serveStubApi } from './stub-api.ts';

// The stub in a process of its own, so that it does not weigh on the node that asks it.
const bus = await createBus({ natsUrl: process.env['NATS_URL'], name: 'bench-api', logger: silentLogger() });
await serveStubApi(bus, () => 0).ready;
answerParent(() => null);
