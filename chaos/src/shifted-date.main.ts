// Loaded before the program (`node --import`): from SIGUSR2 on its Date is off by CLOCK_SKEW_MS, from the next one it is right again. Timers, and
// what counts elapsed time, are left alone, as when somebody sets the clock of a machine.
const skewMs = Number(process.env['CLOCK_SKEW_MS'] ?? 0);
const RealDate = Date;
let ahead = process.env['CLOCK_SKEWED_FROM_START'] === 'true' ? skewMs : 0;

const now = (): number => RealDate.now() + ahead;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver): unknown => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});
process.on('SIGUSR2', () => {
  ahead = ahead === 0 ? skewMs : 0;
});
