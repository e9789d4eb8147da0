import { readdirSync, readFileSync } from 'node:fs';

/**
 * Time that all threads of a process have spent on a processor, µs: what the scheduler booked, to the nanosecond, where `/proc/<pid>/stat` has steps
 * of 10 ms. Threads that ended are missing, so it is for the difference between two moments. @throws Error where there is no /proc, or no such process
 */
export function cpuUsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => {
    const [nanoseconds] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / 1_000;
  }, 0);
}

/** The same for a process with all that it started and they did, as far as they run now. */
export function cpuUsOfTree(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children.reduce((sum, child) => sum + cpuUsOfTree(Number(child)), cpuUsOf(pid));
}
