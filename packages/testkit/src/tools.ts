import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that some tests need and npm does not bring. */
export type Tool = 'nats-server' | 'chromium';

const programs: Record<Tool, readonly string[]> = {
  'nats-server': ['nats-server'],
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
};

// Debian puts daemons where an ordinary user's PATH does not look.
const furtherFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'];

/** The program's path when this machine has it. */
export function findTool(tool: Tool): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...furtherFolders].filter(
    (folder) => folder !== '',
  );
  for (const program of programs[tool]) {
    for (const folder of folders) {
      const path = join(folder, program);
      if (isExecutable(path)) return path;
    }
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function hasNats(): boolean {
  return findTool('nats-server') !== undefined;
}

export function findChromium(): string | undefined {
  return findTool('chromium');
}

export function hasChromium(): boolean {
  return findChromium() !== undefined;
}

/** What {@link requireTool} found; made for `describe.skipIf(tool.missing)(tool.label('…'), …)`. */
export interface RequiredTool {
  readonly missing: boolean;
  /** The test's name, followed by what would install the tool when it is missing. */
  label(name: string): string;
}

/**
 * Asks for a tool that tests need: where it is missing they are skipped and say what would install it; with `CI=true`
 * its absence is a failure, so that nothing is skipped unseen.
 */
export function requireTool(tool: Tool, environment: NodeJS.ProcessEnv = process.env, find = findTool): RequiredTool {
  if (find(tool) !== undefined) return { missing: false, label: (name) => name };
  const cure = process.platform === 'darwin' ? `brew install ${tool}` : `apt-get install ${tool}`;
  if (environment['CI'] === 'true') throw new Error(`unable to run these tests; ${tool} is missing: ${cure}`);
  return { missing: true, label: (name) => `${name} (needs ${tool}: ${cure})` };
}
