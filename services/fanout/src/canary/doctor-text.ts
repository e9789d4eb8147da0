import type { DoctorReport, PartReport } from './doctor.ts';

/** A report for people. */
export function describeReport({ ok, firstFailure, nodeId, ms, hops, api, postgres, paths }: DoctorReport): string {
  const verdict = ok ? 'all is well' : `${firstFailure} fails`;
  const row = (name: string, part: PartReport): string => {
    const time = part.ms === null ? '-' : `${part.ms} ms`;
    return `  ${name.padEnd(10)}${part.ok ? 'ok' : 'FAIL'}  ${time.padStart(9)}  ${part.error ?? ''}`.trimEnd();
  };
  const heard = paths.map(
    ({ nodeId: peer, silentSeconds, broken }) =>
      `  ${broken ? 'FAIL' : 'ok  '}  ${peer === nodeId ? `${peer} (this node)` : peer}, heard ${silentSeconds} s ago`,
  );
  return [
    `Parley fan-out node ${nodeId}: ${verdict} (${ms} ms)`,
    '',
    'One probe, from publisher to client',
    ...hops.map((hop) => row(hop.hop, hop)),
    '',
    'Asked',
    row('api', api),
    row('postgres', postgres),
    '',
    'Nodes heard through the fan-out path',
    ...(heard.length === 0 ? ['  none; the canary does not run'] : heard),
    '',
  ].join('\n');
}
