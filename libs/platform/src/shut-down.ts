/** One thing to close; in the order of the list, each after the one before. */
export type Closing = { readonly name: string; readonly close: () => Promise<unknown> };

/** Closes one after the other. All together get `totalMs`, one at most half of what is left: a step that hangs must not cost the others theirs. */
export const shutDown = async (closing: readonly Closing[], totalMs: number, wrong: (name: string, reason: string) => void): Promise<void> => {
  const until = performance.now() + totalMs;
  for (const { name, close } of closing) {
    const patience = Math.max(100, (until - performance.now()) / 2);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), patience)));
    try {
      if (await Promise.race([close(), late]) === 'late') wrong(name, `not closed within ${Math.round(patience)} ms`);
    } catch (error) {
      wrong(name, error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
    }
  }
};
