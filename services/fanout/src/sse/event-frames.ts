/** Events of a stream in the form of graphql-sse's distinct connections. https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md */
const nextOpening = Buffer.from('event: next\ndata: ');
const blankLine = Buffer.from('\n\n');

/** JSON has no line breaks, so one `data` line holds the result. */
export const nextEvent = (_key: string, result: Buffer): Buffer => Buffer.concat([nextOpening, result, blankLine]);

export const completeEvent = Buffer.from('event: complete\ndata: \n\n');

/** A line that no program reads. */
export const comment = (text: string): Buffer => Buffer.from(`: ${text.replaceAll(/\s+/g, ' ')}\n\n`);
/** Keeps proxies from taking a quiet stream for a dead one. */
export const keepAlive = Buffer.from(':\n\n');
