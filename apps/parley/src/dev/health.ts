import { ParleyError } from '@parley/contracts';
import { createHealth, type Health, type Metrics } from '@parley/service-kit';

/** One answer for the whole process: ready when every part is. */
export function combineHealth(parts: Readonly<Record<string, Pick<Health, 'ready'>>>, metrics: Metrics): Health {
  // A part answers for checks that have a second each.
  const health = createHealth({ metrics, checkTimeoutMs: 2_000 });
  for (const [name, part] of Object.entries(parts)) {
    health.register(name, async () => {
      const { ok, checks } = await part.ready();
      if (ok) return;
      const failed = Object.entries(checks).filter(([, result]) => result !== 'ok');
      const reasons = failed.map(([check, result]) => `${check}: ${result}`).join(', ');
      throw new ParleyError('unavailable', `unable to work; ${reasons}`);
    });
  }
  return health;
}
