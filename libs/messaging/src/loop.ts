/** A worker that is called again and again until it is stopped. */
export type Loop = { wake(): void; stop(): Promise<void> };

/**
 * Calls `turn` for ever. Its answer is how many milliseconds to wait before the next call; `wake` cuts the wait short. A throw is given
 * to `failed` and waits 100 ms, doubling to 5 s. `stop` resolves when the turn in hand has ended; `signal` tells a long turn to come to an end.
 */
export const startLoop = (turn: (signal: AbortSignal) => Promise<number>, failed: (error: unknown) => void): Loop => {
  const stopping = new AbortController();
  let woken = false;
  let interrupt: (() => void) | undefined;
  const wake = (): void => {
    woken = true;
    interrupt?.();
  };
  const pause = async (ms: number): Promise<void> => {
    if (!woken && ms > 0 && !stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(ms, 2_000_000_000));
        interrupt = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      interrupt = undefined;
    }
    woken = false;
  };
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      let wait: number;
      try {
        wait = await turn(stopping.signal);
        failures = 0;
      } catch (error) {
        failed(error);
        wait = Math.min(5_000, 50 * 2 ** ++failures);
      }
      await pause(wait);
    }
  };
  const running = run();
  return {
    wake,
    stop: () => {
      stopping.abort();
      wake();
      return running;
    },
  };
};
