/** `fail`: refused for good, nothing may come of it. `unknown`: no answer, or one that leaves it open. */
export type Outcome = 'ok' | 'fail' | 'unknown';

/** What a person's operation was, from the call to what became of it. Times are ms since 1970 on this machine. */
interface Operation {
  readonly appId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly invokedAt: number;
  endedAt: number;
  outcome: Outcome;
  /** Error code of an outcome that is not `ok`. */
  code: string | null;
}

/** A text that is in the world once, under an id that the writer chose. */
export interface Send extends Operation {
  readonly kind: 'send';
  readonly messageId: string;
  readonly text: string;
  /** How often it was handed over; the client may have tried more often below that. */
  attempts: number;
  /** What the acknowledgement said. */
  seq: number | null;
}

/** A change of something that was sent; made by the one person who changes that message, one after the other. */
export interface Change extends Operation {
  readonly kind: 'edit' | 'delete' | 'react' | 'unreact';
  readonly messageId: string;
  /** The new text, or the type of the reaction. */
  readonly value: string;
}

export interface MarkRead extends Operation {
  readonly kind: 'read';
  readonly seq: number;
}

/** What one client took in from one channel, in the order in which it did. */
export type Observation =
  | {
      readonly kind: 'event';
      readonly at: number;
      readonly typename: string;
      readonly seq: number;
      readonly messageId: string | null;
      readonly text: string | null;
    }
  /** The client was told to start over from a snapshot as of `seq`; what it holds then has no hole up to there. */
  | { readonly kind: 'reset'; readonly at: number; readonly seq: number };

/** One client on one channel. */
export interface Track {
  readonly appId: string;
  readonly channelId: string;
  readonly userId: string;
  /** `sdk`: the real client. `bare`: frames as the server sent them. */
  readonly via: 'sdk' | 'bare';
  /** Head of the channel when the client began. */
  readonly startSeq: number;
  readonly observations: Observation[];
}

/** One answer to a plain request to send, tries of the same send each for itself. */
export interface Answer {
  readonly at: number;
  readonly ms: number;
  readonly channelId: string;
  /** Null: no HTTP answer. */
  readonly status: number | null;
  /** Null: acknowledged. */
  readonly code: string | null;
}

/** All that was done and seen in one run. */
export interface History {
  readonly sends: Send[];
  readonly changes: Change[];
  readonly reads: MarkRead[];
  readonly tracks: Track[];
  readonly answers: Answer[];
  /** What should not have been answered, in words. */
  readonly complaints: string[];
}

/** An empty history. */
export function createHistory(): History {
  return { sends: [], changes: [], reads: [], tracks: [], answers: [], complaints: [] };
}
