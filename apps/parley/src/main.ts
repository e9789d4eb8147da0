import { enableCompileCache } from 'node:module';

// Types are stripped and scripts compiled once, not at every start.
enableCompileCache();

const { runParley } = await import('./command-line.ts');
process.exitCode = await runParley(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr });
// Everything was told to end; a handle that somebody forgot must not keep the terminal.
setTimeout(() => process.exit(), 2_000).unref();
