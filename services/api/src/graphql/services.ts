import type { Foundation } from '../foundation.ts';
import { modules } from '../modules/index.ts';

/** The services of all modules, and the epoch of the log. */
export type Services = ReturnType<typeof modules.services> & Pick<Foundation, 'epoch'>;

/** Makes the services of the modules, in the order of the list. They do nothing by themselves before {@link startModules}. */
export const createServices = (foundation: Foundation): Services => ({
  ...modules.services(foundation),
  epoch: foundation.epoch,
});

/** Starts what the modules do by themselves: what recurs, and what follows on published events. Ends with the jobs of the foundation. */
export const startModules = (foundation: Foundation, services: Services): void => modules.start(foundation, services);
