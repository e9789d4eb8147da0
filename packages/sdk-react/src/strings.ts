import { type ErrorCode, ParleyError, type User } from '@parley/contracts';
import { isVisible, oneLine } from './format/one-line.ts';

/** Every word that the parts show or say. Pass some of them to {@link ParleyProvider} to change or translate them. */
export interface Strings {
  readonly conversations: string;
  readonly conversation: string;
  readonly newConversation: string;
  readonly findPeople: string;
  readonly noPeople: string;
  readonly noConversations: string;
  readonly noConversationsHint: string;
  readonly noConversationChosen: string;
  readonly noMessages: string;
  readonly noMessagesHint: string;
  readonly loadMore: string;
  readonly showAll: string;
  readonly olderFailed: string;
  readonly newerFailed: string;
  readonly messageGone: string;
  readonly messageFailed: string;
  readonly loading: string;
  readonly retry: string;
  readonly back: string;
  readonly cancel: string;
  readonly save: string;
  readonly send: string;
  readonly writeMessage: string;
  readonly mayNotSend: string;
  readonly messages: string;
  readonly newMessages: string;
  readonly jumpToLatest: string;
  readonly jumpToUnread: string;
  readonly edited: string;
  readonly sending: string;
  readonly sent: string;
  readonly read: string;
  readonly savingEdit: string;
  readonly deleting: string;
  readonly notSent: string;
  readonly notEdited: string;
  readonly notDeleted: string;
  readonly discard: string;
  readonly deletedMessage: string;
  readonly deletedUser: string;
  readonly system: string;
  readonly attachment: string;
  readonly you: string;
  readonly online: string;
  readonly offline: string;
  readonly today: string;
  readonly yesterday: string;
  readonly actions: string;
  readonly react: string;
  readonly reply: string;
  readonly copy: string;
  readonly copied: string;
  readonly edit: string;
  readonly editMessage: string;
  readonly delete: string;
  readonly confirmDelete: string;
  readonly connecting: string;
  readonly reconnecting: string;
  readonly connectionFailed: string;
  readonly conversationFailed: string;
  readonly conversationsFailed: string;
  /** In place of what is written, when the viewer left or was removed. */
  readonly conversationClosed: string;
  /** The same when the channel is gone. */
  readonly conversationDeleted: string;
  readonly messageNotShown: string;
  readonly conversationNotShown: string;
  readonly conversationsNotShown: string;
  readonly notShownHint: string;
  readonly lastSeen: (when: string) => string;
  readonly memberCount: (count: number) => string;
  readonly onlineCount: (count: number) => string;
  readonly unread: (count: number) => string;
  readonly newMessageCount: (count: number) => string;
  readonly mentions: (count: number) => string;
  readonly replyingTo: (name: string) => string;
  readonly charactersLeft: (count: number) => string;
  readonly reactWith: (type: string) => string;
  readonly reactions: (type: string, count: number, mine: boolean) => string;
  readonly readBy: (names: readonly string[]) => string;
  /** Why something was refused, in the words of those who did it. */
  readonly reason: (code: ErrorCode) => string;
  readonly typing: (names: readonly string[]) => string;
  readonly messageBy: (name: string, when: string) => string;
  readonly draft: (text: string) => string;
  readonly preview: (name: string, text: string) => string;
}

export const english: Strings = {
  conversations: 'Messages',
  conversation: 'Conversation',
  newConversation: 'New conversation',
  findPeople: 'Find people by name',
  noPeople: 'Nobody found',
  noConversations: 'No conversations yet',
  noConversationsHint: 'Start one, and it will show up here.',
  noConversationChosen: 'Choose a conversation',
  noMessages: 'No messages yet',
  noMessagesHint: 'Say hello to get things going.',
  loadMore: 'Show more',
  showAll: 'Show all',
  olderFailed: 'Earlier messages could not be loaded.',
  newerFailed: 'Later messages could not be loaded.',
  messageGone: 'This message is no longer there.',
  messageFailed: 'This message could not be loaded.',
  loading: 'Loading…',
  retry: 'Try again',
  back: 'Back to conversations',
  cancel: 'Cancel',
  save: 'Save',
  send: 'Send',
  writeMessage: 'Write a message',
  mayNotSend: 'You cannot write in this conversation.',
  messages: 'Messages in this conversation',
  newMessages: 'New messages',
  jumpToLatest: 'Jump to latest',
  jumpToUnread: 'Jump to unread',
  edited: 'edited',
  sending: 'Sending',
  sent: 'Sent',
  read: 'Read',
  savingEdit: 'saving…',
  deleting: 'Deleting…',
  notSent: 'Not sent',
  notEdited: 'Edit not saved',
  notDeleted: 'Not deleted',
  discard: 'Discard',
  deletedMessage: 'Message deleted',
  deletedUser: 'Deleted user',
  system: 'System',
  attachment: 'Attachment',
  you: 'You',
  online: 'Online',
  offline: 'Offline',
  today: 'Today',
  yesterday: 'Yesterday',
  actions: 'Message actions',
  react: 'React',
  reply: 'Reply',
  copy: 'Copy text',
  copied: 'Copied',
  edit: 'Edit',
  editMessage: 'Edit message',
  delete: 'Delete',
  confirmDelete: 'Delete?',
  connecting: 'Still connecting…',
  reconnecting: 'Reconnecting… You can go on writing.',
  connectionFailed: 'Not connected',
  conversationFailed: 'This conversation could not be loaded',
  conversationsFailed: 'Your conversations could not be loaded',
  conversationClosed: 'You are no longer part of this conversation.',
  conversationDeleted: 'This conversation was deleted.',
  messageNotShown: 'This message cannot be shown.',
  conversationNotShown: 'This conversation cannot be shown',
  conversationsNotShown: 'Your conversations cannot be shown',
  notShownHint: 'Something in it went wrong. The rest goes on working.',
  lastSeen: (when) => `Last seen ${when}`,
  memberCount: (count) => (count === 1 ? '1 member' : `${count} members`),
  onlineCount: (count) => `${count} online`,
  unread: (count) => (count === 1 ? '1 unread message' : `${count} unread messages`),
  newMessageCount: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
  mentions: (count) => (count === 1 ? 'you were mentioned' : `you were mentioned ${count} times`),
  replyingTo: (name) => `Replying to ${name}`,
  charactersLeft: (count) => (count < 0 ? `${-count} characters too long` : `${count} characters left`),
  reactWith: (type) => `React with ${type}`,
  reactions: (type, count, mine) => `${type}, ${count}${mine ? ', including yours' : ''}`,
  readBy: (names) => `Read by ${listed(names)}`,
  reason: (code) => reasons[code] ?? 'Something went wrong.',
  typing: (names) => {
    if (names.length === 1) return `${names[0]} is typing…`;
    if (names.length < 4) return `${listed(names)} are typing…`;
    return 'Several people are typing…';
  },
  messageBy: (name, when) => `${name}, ${when}`,
  draft: (text) => `Draft: ${text}`,
  preview: (name, text) => `${name}: ${text}`,
};

const reasons: { readonly [Code in ErrorCode]?: string } = {
  unauthenticated: 'You are signed out.',
  wrong_user: 'You are signed in as somebody else.',
  forbidden: 'You may not do this here.',
  not_found: 'It is no longer there.',
  conflict: 'Somebody else has changed it.',
  invalid_input: 'It is not accepted like this.',
  payload_too_large: 'It is too large.',
  rate_limited: 'That was too much at once. Try again in a moment.',
  feature_disabled: 'This is switched off here.',
  unavailable: 'The service cannot be reached.',
  timeout: 'The service did not answer.',
  disconnected: 'There is no connection.',
};

function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The name of a person, else the id. */
export function nameOf(user: Pick<User, 'id' | 'name' | 'deletedAt'> | null, strings: Strings): string {
  if (user === null) return strings.system;
  if (user.deletedAt !== null) return strings.deletedUser;
  const name = oneLine(user.name ?? '');
  return isVisible(name) ? name : user.id;
}

const shownOfName = 24;

/** A name among others in a sentence, which has to be read to its end. */
export function shortNameOf(user: Parameters<typeof nameOf>[0], strings: Strings): string {
  const characters = Array.from(nameOf(user, strings));
  return characters.length > shownOfName ? `${characters.slice(0, shownOfName - 1).join('')}…` : characters.join('');
}

/** Why something was refused. */
export const reasonOf = (error: unknown, strings: Strings): string =>
  strings.reason(error instanceof ParleyError ? error.code : 'internal');

/** Why a conversation has ended for the viewer. */
export const whyClosed = (error: ParleyError | null, strings: Strings): string =>
  error?.code === 'not_found' ? strings.conversationDeleted : strings.conversationClosed;
