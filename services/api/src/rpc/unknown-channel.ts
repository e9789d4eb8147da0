import { ParleyError } from '@parley/contracts';

/** The refusal of a question about a channel that does not exist; `action` completes "unable to …". */
export const unknownChannel = (action: string, channelId: string): ParleyError =>
  new ParleyError('not_found', `unable to ${action} ${channelId}; there is no such channel`);
