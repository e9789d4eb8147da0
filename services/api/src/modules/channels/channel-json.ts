import { isoTime, userJsonOf } from '../../domain/user-json.ts';

/** SQL: a row of `channels` in the shape of the contracts' Channel. */
export const channelJson = (alias: string): string => `json_build_object(
  'id', ${alias}.channel_id, 'type', ${alias}.type, 'key', ${alias}.key, 'name', ${alias}.name, 'image', ${alias}.image, 'custom', ${alias}.custom,
  'createdBy', ${userJsonOf(`${alias}.app_id`, `${alias}.created_by`)}, 'createdAt', ${isoTime(`${alias}.created_at`)},
  'updatedAt', ${isoTime(`${alias}.updated_at`)}, 'lastMessageAt', ${isoTime(`${alias}.last_message_at`)},
  'seq', ${alias}.seq, 'memberCount', ${alias}.member_count)`;
