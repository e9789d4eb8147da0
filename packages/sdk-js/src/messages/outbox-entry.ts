import type { EditInput, SendInput } from './message-view.ts';

/** Something that the viewer did and that the server may not have yet. Plain JSON, so that it can be stored. */
export type OutboxEntry = SendEntry | EditEntry | DeleteEntry | ReactEntry | UnreactEntry;

interface Entry {
  readonly messageId: string;
  /** When the viewer did it, ISO 8601. */
  readonly at: string;
}

export interface SendEntry extends Entry {
  readonly kind: 'send';
  readonly input: SendInput & { readonly id: string };
}

export interface EditEntry extends Entry {
  readonly kind: 'edit';
  readonly input: EditInput;
}

export interface DeleteEntry extends Entry {
  readonly kind: 'delete';
  readonly hard: boolean;
}

export interface ReactEntry extends Entry {
  readonly kind: 'react';
  readonly type: string;
  readonly score: number;
  readonly exclusive: boolean;
}

export interface UnreactEntry extends Entry {
  readonly kind: 'unreact';
  readonly type: string;
}
