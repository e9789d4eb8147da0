/** Of a machine that does other things as well. */
const slack = 5;

/** What a run allows for something that is promised within `ms`: the full form measures it, the short one, for `npm test` on any machine, only that it comes. */
export const within = (ms: number, { short }: { readonly short: boolean }): number => (short ? ms * slack : ms);
