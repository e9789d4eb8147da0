import { readFileSync } from 'node:fs';
import type { Target } from './target.ts';

/** proc(5): resident pages are the second field of statm. */
const pageBytes = 4_096;
const mebibyte = 1_048_576;

/** Resident memory of the processes under attack together, MiB. @throws Error where there is no /proc */
export const residentMiB = ({ pids }: Pick<Target, 'pids'>): number =>
  pids.reduce((sum, pid) => sum + Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes, 0) /
  mebibyte;

/** Whether their memory can be read. */
export const memoryIsReadable = ({ pids }: Pick<Target, 'pids'>): boolean =>
  process.platform === 'linux' && pids.length > 0;
