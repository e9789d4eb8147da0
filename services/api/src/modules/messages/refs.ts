import type { Attachment, Message } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { connectionOf } from '../../graphql/connection.ts';

export const MessageRef = builder.objectRef<Message>('Message');
export const MessageConnectionRef = connectionOf('Message', MessageRef);
export const AttachmentRef = builder.objectRef<Attachment>('Attachment');
