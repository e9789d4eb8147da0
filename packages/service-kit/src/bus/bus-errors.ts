import { ParleyError } from '@parley/contracts';
import { busPayloadBytes } from './bus.ts';

export const busClosed = (act: string): ParleyError =>
  new ParleyError('unavailable', `unable to ${act}; the bus is closed`);

export const busDisconnected = (act: string): ParleyError =>
  new ParleyError('unavailable', `unable to ${act}; the bus has no connection to its server`);

export const nobodyAnswers = (subject: string): ParleyError =>
  new ParleyError('unavailable', `unable to request ${subject}; nobody answers there`);

export const requestTimeout = (subject: string, timeoutMs: number): ParleyError =>
  new ParleyError('timeout', `unable to request ${subject}; no answer within ${timeoutMs} ms`, { limit: timeoutMs });

export const responderFailed = (subject: string): ParleyError =>
  new ParleyError('internal', `unable to request ${subject}; the one who answers failed, see its log`);

/** @throws payload_too_large */
export function checkPayload(act: string, payload: string, limit = busPayloadBytes): void {
  // A code unit is at most 3 bytes, so most payloads need no counting.
  if (payload.length * 3 <= limit || Buffer.byteLength(payload) <= limit) return;
  throw new ParleyError('payload_too_large', `unable to ${act}; the payload is over ${limit} bytes`, { limit });
}

const subjectPattern = /^[^\s.*>]+(?:\.[^\s.*>]+)*$/;

/** A subject made of an unparsed id must not reach further than that id. @throws internal */
export function checkSubject(subject: string): void {
  if (subjectPattern.test(subject)) return;
  throw new ParleyError(
    'internal',
    `unable to use the bus; "${subject}" is not a subject: tokens joined by dots, without * and >`,
  );
}
