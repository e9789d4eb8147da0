import type { RawData } from 'ws';

/** A message of graphql-transport-ws, as far as the measurements look at it. */
export interface ServerMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: {
    readonly errors?: unknown;
    readonly data?: {
      readonly channelEvents?: {
        readonly __typename: string;
        readonly seq?: number;
        readonly userId?: string;
        readonly readSeq?: number;
        readonly reads?: readonly { readonly userId: string; readonly readSeq: number }[];
      };
      readonly inbox?: { readonly __typename: string; readonly cursor: string };
      readonly presenceChanges?: readonly { readonly userId: string; readonly online: boolean }[];
    } | null;
  };
}

/** What our own server sent. */
export const parseMessage = (data: RawData): ServerMessage =>
  // The library hands over one Buffer for each message, since no other type is asked for.
  JSON.parse((data as Buffer).toString('utf8')) as ServerMessage;
