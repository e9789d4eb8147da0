const quote = 0x22;
const backslash = 0x5c;
const openings = { list: 0x5b, object: 0x7b };
const closings = { list: 0x5d, object: 0x7d };

/**
 * Whether JSON text is nested deeper than `limit`, found in one pass over the text before anything is parsed: what recurses over a value that is
 * nested by the thousand overflows the stack.
 */
export function isNestedDeeper(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === openings.object || code === openings.list) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === closings.object || code === closings.list) depth -= 1;
  }
  return false;
}

/** Where the string that opens at `start` closes; the end of the text when it does not. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    // An even number of backslashes escape each other, and the quote stands for itself.
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}
