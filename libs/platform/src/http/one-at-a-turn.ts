/**
 * Takes pieces of work and does one at each turn of the event loop, in their order: what a flood is answered waits behind whatever the others'
 * requests have ready, and a hundred refusals that came at once do not hold them up for the time of a hundred.
 */
export const oneAtATurn = (): ((work: () => void) => void) => {
  const waiting: (() => void)[] = [];
  const next = (): void => {
    try {
      waiting[0]?.();
    } finally {
      waiting.shift();
      if (waiting.length > 0) setImmediate(next);
    }
  };
  return (work) => {
    if (waiting.push(work) === 1) setImmediate(next);
  };
};
