import type { Target } from './target.ts';

/** What came of an attack. */
export interface Finding {
  /** What was seen, with its number where there is one. */
  readonly measured: string;
  /** Whether the fence held. */
  readonly held: boolean;
}

/** What is allowed for something that is promised in `ms`. */
export type Within = (ms: number) => number;

/** One way to stop, flood, poison or misread a platform, tried from outside. */
export interface Attack {
  /** Chosen by it on the command line. */
  readonly name: string;
  /** What the attacker does, as a sentence. */
  readonly what: string;
  /** What must hold, with its number. */
  readonly bound: string;
  /** Takes a minute or more, or measures the machine: left out of the short form. */
  readonly long?: boolean;
  /** Needs something that the target may lack, such as processes whose memory can be read. */
  readonly needs?: (target: Target) => boolean;
  run(target: Target, within: Within): Promise<Finding>;
}

/** All of these have to be true; says which are not. */
export function finding(measured: string, ...claims: readonly (readonly [name: string, holds: boolean])[]): Finding {
  const broken = claims.filter(([, holds]) => !holds).map(([name]) => name);
  const held = broken.length === 0;
  return { held, measured: held ? measured : `${measured}; broken: ${broken.join(', ')}` };
}
