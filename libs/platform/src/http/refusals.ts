import type { Refused } from '@peyvand/kernel';
import { Problem, type ProblemEntry } from './problem.js';

/** Every refusal of a slice with its HTTP answer. The keys are the slice's refusal union, so one left out does not compile in `write`. */
export type RefusalTable<K extends string> = Readonly<Record<K, ProblemEntry>>;

/** Each entry: status, Persian sentence, English sentence; both say what is wrong and how to mend it. Tables may be spread together. */
export const refusalTable = <K extends string>(table: Readonly<Record<K, ProblemEntry>>): RefusalTable<K> => {
  for (const [code, [status]] of Object.entries<ProblemEntry>(table)) {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code) || status < 400 || status > 499) throw new Error(`A refusal is a kebab-case fact with a 4xx status: ${code} ${status}`);
  }
  return table;
};

/** The answer to a refusal. A reason that the table lacks is a bug of the slice and becomes a 500. */
export const problemOf = <K extends string>(refusals: RefusalTable<K>, { reason, details }: Refused<K>): Problem => {
  const entry: ProblemEntry | undefined = refusals[reason];
  if (entry === undefined) throw new Error(`The refusal table lacks "${reason}"`);
  return new Problem(reason, entry, details === undefined ? {} : { details });
};

/** What one route may refuse, of a table that a whole service shares. */
export const refusalsOf = <A extends string, K extends A>(table: RefusalTable<A>, ...codes: readonly K[]): RefusalTable<K> =>
  Object.fromEntries(codes.map((code): [K, ProblemEntry] => [code, table[code]])) as RefusalTable<K>;
