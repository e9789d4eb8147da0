const quote = 0x22;
const backslash = 0x5c;
/** `[` and `{` are one bit apart, and so are `]` and `}`. */
const bit = 0x20;
const opening = 0x7b;
const closing = 0x7d;

/**
 * Whether JSON text is nested deeper than `limit`, found in one pass over the text before anything is parsed: what recurses over a value that is
 * nested by the thousand overflows the stack.
 */
export function isNestedDeeper(text: string, limit: number): boolean {
  const { length } = text;
  let depth = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if ((code | bit) === opening) {
      depth += 1;
      if (depth > limit) return true;
    } else if ((code | bit) === closing) depth -= 1;
  }
  return false;
}

/** Where the string that opens at `start` closes; beyond the text when it does not. */
function endOfString(text: string, start: number): number {
  const { length } = text;
  let at = start + 1;
  for (; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at += 1;
  }
  return at;
}
