import type { MessageDeleted } from '@parley/contracts';

/** A hard deletion may follow a soft one, which has been counted. */
export const isFirstDeletion = ({ message, hard, at }: MessageDeleted): boolean =>
  !hard || message.deletedAt === null || message.deletedAt === at;
