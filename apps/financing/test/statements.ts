import pg from 'pg';

// What the runners do when nothing is to do, as often as time allows.
const lookingRound = /^with stuck|^select (due_at|key from parked|extract|peyvand_|kind, key, due_at)|^update deadlines d set leased|^(BEGIN|COMMIT|ROLLBACK)/;

/** Counts the statements sent to Postgres while `work` runs, by their first words; beginnings and ends of transactions are not counted. */
export const statementsOf = async (work: () => Promise<unknown>): Promise<Map<string, number>> => {
  const counts = new Map<string, number>();
  const prototype = pg.Client.prototype as unknown as { query(this: unknown, ...given: unknown[]): unknown };
  const original = prototype.query;
  prototype.query = function (...given) {
    const text = typeof given[0] === 'string' ? given[0] : ((given[0] as { text?: string } | undefined)?.text ?? '');
    const name = text.replaceAll(/\s+/g, ' ').trim().slice(0, 60);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return original.apply(this, given);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return counts;
};

export const sumOfCounts = (counts: ReadonlyMap<string, number>): number =>
  [...counts].filter(([name]) => !lookingRound.test(name)).reduce((sum, [, count]) => sum + count, 0);
