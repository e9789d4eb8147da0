import { readFileSync } from 'node:fs';
import { type Cluster, startCluster } from '@parley/cli/cluster';
import { createServerClient, type ServerClient } from '@parley/sdk-server';
import { silentLogger } from '@parley/service-kit';
import { type Nginx, requireTool, sendRaw, smugglingForms, startNginx } from '@parley/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post, temporaryFolder } from './platform.ts';

/** The nginx of compose.yaml, in front of the nodes of a cluster. */
function composeNginx(port: number, api: string, fanout: string): string {
  return readFileSync(new URL('../docker/nginx.conf', import.meta.url), 'utf8')
    .replace(/^.*resolver .*$/m, '')
    .replace('server api:4001 resolve;', `server ${new URL(api).host};`)
    .replace('server fanout:4002 resolve;', `server ${new URL(fanout).host};`)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`);
}

const [nats, nginx] = [requireTool('nats-server'), requireTool('nginx')];

describe.skipIf(nats.missing)(nats.label('a request hidden in another'), () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let cluster: Cluster;
  let proxy: Nginx | undefined;
  let server: ServerClient;
  let token = '';
  const ports: Record<string, number> = {};

  beforeAll(async () => {
    folder = await temporaryFolder();
    cluster = await startCluster({ api: 1, fanout: 1, nats: 1, dataDir: folder.path, logger: silentLogger() });
    const [api = '', fanout = ''] = [cluster.apis[0]?.url, cluster.fanouts[0]?.url];
    if (!nginx.missing) proxy = await startNginx((port) => composeNginx(port, api, fanout));
    Object.assign(ports, {
      edge: Number(new URL(cluster.url).port),
      api: Number(new URL(api).port),
      fanout: Number(new URL(fanout).port),
      ...(proxy === undefined ? {} : { nginx: proxy.port }),
    });
    server = createServerClient({ url: cluster.graphqlUrl, keyId: cluster.app.apiKey, secret: cluster.app.apiSecret });
    token = await server.mintServerToken();
  });
  afterAll(async () => {
    await proxy?.stop();
    await cluster?.close();
    await folder?.remove();
  });

  /** Makes a user, so that it shows whether it ran; answered as an event stream by fan-out. */
  const makesUser = (host: string, id: string, accept: string): string => {
    const query = `mutation { upsertUsers(input: { users: [{ id: "${id}" }] }) { id } }`;
    const body = JSON.stringify({ query });
    const lines = [`Host: ${host}`, 'Content-Type: application/json', `Accept: ${accept}`];
    lines.push(`Authorization: Bearer ${token}`, `Content-Length: ${body.length}`);
    return `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
  };
  const exists = async (id: string): Promise<boolean> => {
    const { data } = await post(cluster.graphqlUrl, token, 'query ($id: ID!) { user(id: $id) { id } }', { id });
    return data instanceof Object && 'user' in data && data.user !== null;
  };

  test('and the pages for operators are passed on to nobody who comes from elsewhere', async () => {
    const status = async (name: string, path: string, headers: Record<string, string> = {}) => {
      const port = ports[name];
      return port === undefined ? undefined : (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
    };
    const elsewhere = { 'X-Forwarded-For': '203.0.113.7' };
    for (const path of ['/metrics', '/doctor']) {
      expect(await status('edge', path, elsewhere)).toBe(403);
      expect(await status('fanout', path, elsewhere)).toBe(403);
      expect(await status('fanout', path)).toBe(200);
    }
    expect(await status('api', '/metrics', elsewhere)).toBe(403);
    if (nginx.missing) return;
    expect([await status('nginx', '/metrics'), await status('nginx', '/doctor')]).toEqual([404, 403]);
    expect(await status('nginx', '/readyz')).toBe(200);
  });

  test.each(['edge', 'api', 'fanout', 'nginx'])(
    'does not run behind %s, and everybody gets their own answer',
    async (name) => {
      const port = ports[name];
      if (port === undefined) return;
      const host = `127.0.0.1:${port}`;
      const accepts =
        name === 'api'
          ? ['application/json']
          : name === 'fanout'
            ? ['text/event-stream']
            : ['application/json', 'text/event-stream'];
      const tried = smugglingForms.flatMap((form, index) =>
        accepts.map((accept, kind) => ({ form, accept, id: `hidden-${name}-${index}-${kind}` })),
      );
      // Those who ask meanwhile, over connections of their own that the proxy may join to any of its own.
      const others = async () => {
        for (let turn = 0; turn < 40; turn += 1) {
          const url = name === 'fanout' ? cluster.graphqlUrl : `http://${host}/graphql`;
          const alias = `mine${turn}`;
          expect(await post(url, token, `{ ${alias}: __typename }`)).toEqual({ data: { [alias]: 'Query' } });
        }
      };
      await Promise.all([
        ...tried.map(({ form, accept, id }) =>
          sendRaw(port, form.bytes({ host, hidden: makesUser(host, id, accept) })),
        ),
        others(),
      ]);
      await others();

      // The same request runs when it is not hidden, and by then so has whatever came before it.
      for (const accept of accepts) {
        const id = `plain-${name}-${accept.length}`;
        void sendRaw(port, makesUser(host, id, accept));
        await expect.poll(() => exists(id)).toBe(true);
      }
      const ran: string[] = [];
      for (const { form, id } of tried) if (form.pipelined !== true && (await exists(id))) ran.push(form.name);
      expect(ran).toEqual([]);
    },
  );
});
