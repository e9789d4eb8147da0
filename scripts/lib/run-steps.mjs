import { spawn } from 'node:child_process';

/** Types of all workspaces without a cache, on a machine that does something else too. */
const stepTimeoutMs = 900_000;

/**
 * Runs steps, at most `atOnce` together, each after the one it names, and prints a line for each as it ends and the
 * output of those that fail. Gives the count of steps that failed; a step whose forerunner failed is not run and counts.
 */
export async function runSteps(steps, { folder, environment, atOnce }) {
  const outcomes = new Map();
  const waiting = [...steps];
  const running = new Set();
  const say = (mark, name, remark) => process.stdout.write(`${mark} ${name}${remark}\n`);

  while (waiting.length > 0 || running.size > 0) {
    for (const step of waiting.filter(({ after }) => outcomes.get(after) === false)) {
      waiting.splice(waiting.indexOf(step), 1);
      outcomes.set(step.name, false);
      say('✗', step.name, `, not run: ${step.after} failed`);
    }
    while (running.size < atOnce) {
      const next = waiting.findIndex(({ after }) => after === undefined || outcomes.get(after) === true);
      if (next === -1) break;
      const [step] = waiting.splice(next, 1);
      const began = performance.now();
      const run = runStep(step, folder, environment).then(({ ok, output }) => {
        running.delete(run);
        outcomes.set(step.name, ok);
        say(ok ? '✓' : '✗', step.name, ` ${((performance.now() - began) / 1000).toFixed(1)} s`);
        if (!ok) process.stdout.write(`${output.trimEnd()}\n\n`);
      });
      running.add(run);
    }
    if (running.size > 0) await Promise.race(running);
  }
  return [...outcomes.values()].filter((ok) => !ok).length;
}

function runStep({ command: [program, ...args] }, folder, environment) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: stepTimeoutMs,
    });
    let output = '';
    const keep = (text) => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => resolve({ ok: false, output: `unable to run ${program}; ${error.message}` }));
    child.once('close', (code, signal) => {
      const end = signal === null ? '' : `\nended by ${signal}`;
      resolve({ ok: code === 0, output: `$ ${[program, ...args].join(' ')}\n${output}${end}` });
    });
  });
}
