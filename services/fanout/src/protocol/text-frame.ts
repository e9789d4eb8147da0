/**
 * Whole text frames of a server: final, unmasked, uncompressed (RFC 6455 section 5.2). Made here and not by the WebSocket library, so that one
 * frame serves every socket whose subscriber chose the same operation id.
 */
const finalText = 0x81;

/** A frame that holds `text`. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const { frame, offset } = allocate(length);
  frame.write(text, offset, length, 'utf8');
  return frame;
}

/** A `next` message around a result that was serialised before; `id` is escaped. */
export function nextFrame(id: string, result: Buffer): Buffer {
  const opening = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  const openingLength = Buffer.byteLength(opening);
  const { frame, offset } = allocate(openingLength + result.length + 1);
  frame.write(opening, offset, openingLength, 'utf8');
  result.copy(frame, offset + openingLength);
  frame[frame.length - 1] = 0x7d;
  return frame;
}

function allocate(length: number): { readonly frame: Buffer; readonly offset: number } {
  const offset = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(offset + length);
  frame[0] = finalText;
  if (offset === 2) frame[1] = length;
  else if (offset === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return { frame, offset };
}
