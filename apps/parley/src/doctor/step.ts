/** What one look at the platform found. */
export interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly ms: number;
  /** What was seen, in a few words. */
  readonly found: string;
  /** What to do about it, when it is not ok. */
  readonly cure?: string;
}

/** What a look gives: what was found, or a {@link StepFault}. */
export type Look = (signal: AbortSignal) => Promise<string>;

/** A look that found something wrong. */
export class StepFault extends Error {
  override readonly name = 'StepFault';
  readonly cure: string;

  constructor(found: string, cure: string) {
    super(found);
    this.cure = cure;
  }
}

/** Takes the time of a look, and does not wait for it longer than `deadlineMs`. Never rejects. */
export async function takeStep(step: string, deadlineMs: number, otherwise: string, look: Look): Promise<Step> {
  const begun = performance.now();
  const took = () => Math.round((performance.now() - begun) * 10) / 10;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), deadlineMs);
  const late = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(new Error(`no answer within ${deadlineMs} ms`)));
  });
  try {
    return { step, ok: true, found: await Promise.race([look(controller.signal), late]), ms: took() };
  } catch (fault) {
    const cure = fault instanceof StepFault ? fault.cure : otherwise;
    return { step, ok: false, found: causeOf(fault), ms: took(), cure };
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

/** `fetch` says what happened in the cause of its error. */
function causeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  if (fault.cause instanceof AggregateError) return causeOf(fault.cause.errors[0]);
  return fault.cause instanceof Error ? fault.cause.message : fault.message;
}
