export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `size` calls at once over all actors: the demo shares its processor with the platform it plays on. */
export const slotsOf = (size: number): Slots => {
  let free = size;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else free += 1;
    }
  };
};
