import { findProgram } from '@parley/local-nats';

/** A program that some tests need and npm does not bring. */
export type Tool = 'nats-server' | 'chromium' | 'nginx';

const programs: Record<Tool, readonly string[]> = {
  'nats-server': ['nats-server'],
  nginx: ['nginx'],
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
};

/** The program's path when this machine has it. */
export const findTool = (tool: Tool): string | undefined => findProgram(...programs[tool]);

export function hasNats(): boolean {
  return findTool('nats-server') !== undefined;
}

export function findChromium(): string | undefined {
  return findTool('chromium');
}

export function hasChromium(): boolean {
  return findChromium() !== undefined;
}

/** Result of {@link requireTool}; made for `describe.skipIf(tool.missing)(tool.label('…'), …)`. */
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
