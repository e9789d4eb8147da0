/** Where a consumer can die, in the order in which it comes there. */
export const consumerDeathSteps = [
  'before a page is read',
  'before a batch is handled',
  'in the middle of a batch',
  'after a batch is handled',
  'before the cursor is written',
  'around the commit of the cursor',
  'after the cursor is written',
  'before the lag is stored',
  'before the leases are given up',
] as const;

export type ConsumerDeathStep = (typeof consumerDeathSteps)[number];

export const isConsumerDeathStep = (text: string): text is ConsumerDeathStep =>
  consumerDeathSteps.some((step) => step === text);
