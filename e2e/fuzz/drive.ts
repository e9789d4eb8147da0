import { seededRandom } from '@parley/testkit';
import { type Outcome, type Target, targets } from './targets.ts';
import { type Watcher, watch } from './watcher.ts';
import type { FuzzWorld, Room } from './world.ts';

export interface Tally {
  /** Inputs, by where they came in. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Answers, by where they came from and what they were. */
  readonly answers: Readonly<Record<string, number>>;
  /** Inputs for which the platform blamed itself, with what makes them again. */
  readonly faults: readonly string[];
}

const together = 12;
/** Inputs to one tenant: what they leave behind must not make all later ones come to nothing. */
const inputsPerRoom = 400;

interface Scene {
  readonly room: Room;
  readonly watcher: Watcher;
  left: number;
}

/** Where the seeds of the inputs begin: those of two seeds that are neighbours must not be the same but for a few. */
const firstOf = (seed: number) => Math.imul(seed, 0x9e3779b1) >>> 0;

/** Sends `count` inputs; the same seed makes the same ones. */
export async function drive(world: FuzzWorld, count: number, seed: number): Promise<Tally> {
  const inputs: Record<string, number> = {};
  const answers: Record<string, number> = {};
  const faults: string[] = [];
  const wheel = Object.entries(targets).flatMap(([name, [make, share]]) =>
    Array<readonly [string, Target]>(share).fill([name, make(world)]),
  );

  const open = async (): Promise<Scene> => {
    const room = await world.room();
    return { room, watcher: await watch(world, room), left: inputsPerRoom };
  };
  const leave = async ({ watcher }: Scene, until: number) => {
    // A forged copy may have taken the place of the first event, which the bus has to be kept from; what comes after it must be seen.
    await watcher
      .sees()
      .catch(() => watcher.sees())
      .catch((error: unknown) => faults.push(`watcher, before input ${until} of seed ${seed}: ${String(error)}`));
    faults.push(...watcher.faults.map((frame) => `watcher: ${frame}`));
    watcher.close();
  };
  const note = (name: string, at: number, outcome: Outcome) => {
    inputs[name] = (inputs[name] ?? 0) + 1;
    const key = `${name} ${outcome.answer}`;
    answers[key] = (answers[key] ?? 0) + 1;
    if (outcome.fault)
      faults.push(`${name}, input ${at} of seed ${seed}, answered ${outcome.answer}: ${outcome.input.slice(0, 4_000)}`);
  };

  let scene = await open();
  for (let at = 0; at < count; at += together) {
    if (scene.left <= 0) {
      await leave(scene, at);
      scene = await open();
    }
    const { room } = scene;
    const batch = Array.from({ length: Math.min(together, count - at) }, async (_, place) => {
      const random = seededRandom(firstOf(seed) + at + place);
      const [name, send] = wheel[Math.floor(random() * wheel.length)] ?? ['nothing', async () => nothing];
      const outcome = await send(random, room);
      note(name, at + place, outcome);
      return outcome.ruined === true;
    });
    const ruined = (await Promise.all(batch)).some(Boolean);
    scene.left = ruined ? 0 : scene.left - together;
  }
  await leave(scene, count);
  return { inputs, answers, faults };
}

const nothing: Outcome = { input: '', answer: 'nothing', fault: false };
