import type { Strings } from '../strings.ts';
import { isolated } from './one-line.ts';

/** The same words, in which what people have written stays within its own place. For attributes and sentences, where no element can hold it. */
export const isolating = (strings: Strings): Strings => ({
  ...strings,
  replyingTo: (name) => strings.replyingTo(isolated(name)),
  reactWith: (type) => strings.reactWith(isolated(type)),
  reactions: (type, count, mine) => strings.reactions(isolated(type), count, mine),
  readBy: (names) => strings.readBy(names.map(isolated)),
  typing: (names) => strings.typing(names.map(isolated)),
  messageBy: (name, when) => strings.messageBy(isolated(name), when),
  draft: (text) => strings.draft(isolated(text)),
  preview: (name, text) => strings.preview(isolated(name), isolated(text)),
});
