/** A listener that throws hurts no other: its error surfaces as an unhandled one, where the host reports it. */
export function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
