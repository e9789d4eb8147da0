import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHealth, createMetrics } from '@parley/service-kit';
import { answerJson } from '../../dev/answer.ts';
import type { Backends } from './backends.ts';

/**
 * GET /healthz, /readyz and /metrics for the whole. It is ready while one node of each kind is; `checks` names those that
 * are down. The metric has a label with the address of each node, which has metrics of its own.
 */
export function createEdgeHealth(kinds: readonly Backends[]) {
  const metrics = createMetrics('edge', { process: true });
  metrics.gauge({
    name: 'parley_edge_node_ready',
    help: 'Whether the edge sends to the node (1) or not (0); its own metrics are at <url>/metrics.',
    labels: ['node', 'url'],
    collect: (gauge) => {
      for (const { name, url, fault } of kinds.flatMap(({ all }) => all)) {
        gauge.set({ node: name, url }, fault === undefined ? 1 : 0);
      }
    },
  });
  const { handler } = createHealth({ metrics });
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/readyz') return handler(request, response);
    const ok = kinds.every(({ all }) => all.some(({ fault }) => fault === undefined));
    const checks = Object.fromEntries(kinds.flatMap(({ all }) => all).map(({ name, fault }) => [name, fault ?? 'ok']));
    answerJson(response, ok ? 200 : 503, { ok, checks });
    return true;
  };
}
