/** Where a sweep can die, in the order in which it comes there. */
export const deathSteps = [
  'before the rows are taken',
  'before the first copy is published',
  'after the first copy is published',
  'before the rows are deleted',
  'after the rows are deleted',
  'before the commit',
  'around the commit',
  'after the commit',
] as const;

export type DeathStep = (typeof deathSteps)[number];

export const isDeathStep = (text: string): text is DeathStep => deathSteps.some((step) => step === text);
