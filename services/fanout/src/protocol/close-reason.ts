/** A close frame holds 125 bytes, 2 of them the code (RFC 6455 section 5.5). */
const maxBytes = 123;
const ellipsis = '…';

/** As much of a sentence as a close frame can carry. */
export function closeReason(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const cut = bytes.subarray(0, maxBytes - Buffer.byteLength(ellipsis)).toString();
  // The cut may have gone through a character.
  return `${cut.replace(/\ufffd+$/, '')}${ellipsis}`;
}
