import type { NewFact } from '@peyvand/contracts';

/** Facts of different contracts in one list. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a contract's data type is its own; publish checks none of it again
export type AnyFact = NewFact<any>;
