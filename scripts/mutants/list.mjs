import { apiMutants } from './api.mjs';
import { contractsMutants } from './contracts.mjs';
import { fanoutMutants } from './fanout.mjs';
import { sdkJsMutants } from './sdk-js.mjs';
import { usersMutants } from './users.mjs';

/**
 * Faults that somebody could make in an important line, each with the tests that have to notice it. `before` stands exactly once in `file` and is
 * replaced by `after`; `breaks` says what a user would see; `tests` are the files that are run.
 */
export const mutants = [...apiMutants, ...fanoutMutants, ...sdkJsMutants, ...contractsMutants, ...usersMutants];
