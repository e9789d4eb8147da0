import type { LoggedEvent, Message } from '@parley/contracts';

/** An event as JSON, in its two forms. */
export interface EventTexts {
  /** What the bus carries: all of it. */
  readonly published: string;
  /** What the log keeps: of a message its place and its counts, nothing that was said. Who reads the log is given that from the message's row. */
  readonly stored: string;
}

type Said = 'text' | 'attachments' | 'mentionedUsers' | 'quoted' | 'custom';

function parted({ text, attachments, mentionedUsers, quoted, custom, ...place }: Message) {
  const said: Pick<Message, Said> = { text, attachments, mentionedUsers, quoted, custom };
  const kept: Omit<Message, Said> = place;
  return { said, kept };
}

/** Serialises an event, each part of it once. */
export function eventTexts(event: LoggedEvent): EventTexts {
  if (!('message' in event)) {
    const text = JSON.stringify(event);
    return { published: text, stored: text };
  }
  const { message, ...rest } = event;
  const { said, kept } = parted(message);
  const head = `${JSON.stringify(rest).slice(0, -1)},"message":`;
  const place = JSON.stringify(kept);
  return {
    stored: `${head}${place}}`,
    published: `${head}${place.slice(0, -1)},${JSON.stringify(said).slice(1)}}`,
  };
}
