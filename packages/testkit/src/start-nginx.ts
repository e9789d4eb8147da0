import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@parley/local-postgres';
import { findTool } from './tools.ts';

/** An nginx of this machine. */
export interface Nginx {
  readonly port: number;
  stop(): Promise<void>;
}

const startTimeoutMs = 10_000;

/** Starts nginx with a configuration that `config` writes for the port, in a folder of its own. */
export async function startNginx(config: (port: number) => string): Promise<Nginx> {
  const program = findTool('nginx');
  if (program === undefined) throw new Error('unable to start nginx; it is not on this machine: apt-get install nginx');
  const [folder, port] = await Promise.all([mkdtemp(join(tmpdir(), 'parley-nginx-')), freePort()]);
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  // Everything that it writes by default goes where only root may write.
  const text = config(port).replace(/^http \{/m, `http {\n  access_log off;\n  ${own.join('\n  ')}`);
  await writeFile(join(folder, 'nginx.conf'), `daemon off;\nmaster_process off;\npid ${folder}/pid;\n${text}`);
  const child = spawn(program, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-2_000);
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + startTimeoutMs;
  while (!(await accepts(port))) {
    if (child.exitCode === null && Date.now() < deadline) {
      await delay(20);
      continue;
    }
    await stop();
    throw new Error(`unable to start nginx; ${stderr}`);
  }
  return { port, stop };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
