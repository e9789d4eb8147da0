import { afterAll, beforeAll, expect, test } from 'vitest';
import { drive } from './drive.ts';
import { type FuzzWorld, startFuzzWorld } from './world.ts';

/** `npm run fuzz` asks for more; a seed of its own finds other inputs. */
const count = Number(process.env['FUZZ_INPUTS'] ?? 3_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

let world: FuzzWorld;
beforeAll(async () => {
  world = await startFuzzWorld();
});
afterAll(() => world.close());

test(
  'whatever comes in, nothing ends and the platform never has itself to blame',
  async () => {
    const tally = await drive(world, count, seed);
    if (count > 10_000)
      process.stdout.write(`${JSON.stringify({ inputs: tally.inputs, answers: tally.answers }, null, 2)}\n`);
    // What is no message of ours on the bus is said in the log, and nowhere else.
    const unexpected = world.errors.filter(
      (error) => !/^a bus subscriber failed\n.*\nParleyError: unable to /.test(error),
    );
    expect(tally.faults.slice(0, 20), unexpected.slice(0, 5).join('\n')).toEqual([]);
    expect(unexpected.slice(0, 20)).toEqual([]);
  },
  60_000 + count * 20,
);
