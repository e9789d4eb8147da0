import { get } from 'node:http';

/** Why a node is not ready, in words; undefined when it is. */
export function unreadiness(url: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    // No connection is kept: a kept one would say less of whether the node still accepts.
    const request = get(`${url}/readyz`, { agent: false, timeout: timeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `it says that it is not ready (${response.statusCode})`);
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  });
}
