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

/** What a look gives: what was found, or a {@link StepError}. */
export type Look = (signal: AbortSignal) => Promise<string>;

/** A look that found something wrong. */
export class StepError extends Error {
  override readonly name = 'StepError';
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
  } catch (error) {
    const cure = error instanceof StepError ? error.cure : otherwise;
    return { step, ok: false, found: causeOf(error), ms: took(), cure };
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

/** `fetch` says what happened in the cause of its error. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof AggregateError) return causeOf(error.cause.errors[0]);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
