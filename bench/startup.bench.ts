import { join } from 'node:path';
import { distribution } from './src/distribution.ts';
import { runParley, withFolder } from './src/parley-run.ts';
import { report } from './src/report.ts';

// How long `npm start` takes to be ready: with no data yet (a database is made and filled), and with the data of an earlier run.
const rounds = 5;
const targetsMs = { cold: 6_000, warm: 3_000 };

const times = { cold: [] as number[], warm: [] as number[] };
await withFolder(async (folder) => {
  for (let round = 0; round < rounds; round += 1) {
    for (const series of [times.cold, times.warm]) {
      const run = await runParley(join(folder, `data-${round}`));
      series.push(run.readyMs);
      await run.stop();
    }
  }
});
const [cold, warm] = [distribution(times.cold), distribution(times.warm)];
const row = (what: 'cold' | 'warm', { p50, max }: typeof cold) => ({
  what: `npm start to ready, ${what}`,
  measured: `median ${Math.round(p50)} ms, most ${Math.round(max)} ms`,
  target: `≤ ${targetsMs[what]} ms`,
  met: max <= targetsMs[what],
});
report('startup', [row('cold', cold), row('warm', warm)], { unit: 'ms', cold, warm });
