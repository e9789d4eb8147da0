import { ensureDemoPage } from './lib/demo-page.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { runChild } from './lib/run-child.mjs';

// `npm start` runs the whole platform; a first word names another command of the command line, such as `doctor`.
const args = process.argv.slice(2);
const ofAll = ['--help', '-h', '--version', '-v'];
const named = args[0] !== undefined && (!args[0].startsWith('-') || ofAll.includes(args[0]));
const [command, rest] = named ? [args[0], args.slice(1)] : ['dev', args];
const servesPages = command === 'dev' || command === 'cluster';
const asksForHelp = rest.includes('--help') || rest.includes('-h');

const node = ensureInstall();
if (servesPages && !asksForHelp) ensureDemoPage(node);
process.exitCode = await runChild(node, ['--conditions=@parley/source', 'apps/parley/src/main.ts', command, ...rest]);
