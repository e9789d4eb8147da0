import { readFileSync } from 'node:fs';

/** What the operating system has booked on a process since it began. */
export interface ProcessUsage {
  /** User and system time of all its threads, ms; in steps of 10 ms, the kernel's clock tick. */
  readonly cpuMs: number;
  /** Resident memory, bytes. */
  readonly rssBytes: number;
}

/** Linux counts in ticks of 1/100 s on every architecture that Node runs on (`getconf CLK_TCK`). */
const tickMs = 10;
const pageBytes = 4_096;

/** Reads `/proc/<pid>/stat`, see proc(5). @throws Error where there is no /proc, or no such process */
export function usageOf(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; what follows it does not. `state` is the first field after it, the third of all.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { cpuMs: (field(14) + field(15)) * tickMs, rssBytes: field(24) * pageBytes };
}
