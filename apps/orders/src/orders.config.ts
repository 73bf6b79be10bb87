import { InstanceFaults, readPolicy, type MatchingPolicy } from '@peyvand/matching';

/** How long each wait may last (business time) and what applies where a party has set nothing. */
export type OrdersSettings = {
  readonly acceptHours: number;
  readonly approveHours: number;
  readonly changeAnswerHours: number;
  /** From acceptance until a limit must have been found, and from a refusal of cover until the seller's word. */
  readonly securingHours: number;
  readonly wordHours: number;
  /** After the promised day, how long a secured match may stay without anything dispatched. */
  readonly dispatchGraceDays: number;
  /** Basis points a year, for buyers without a rate of their own. */
  readonly costOfFunds: number;
  /** Rials: what a producer's input order may award without an approver. */
  readonly inputAwardUpTo: string;
  /** Lines one matching round takes at most. */
  readonly roundLines: number;
  /** What rounds weigh beside the price: freight, premia, a share for small units (docs/matching.md). */
  readonly matching: Partial<MatchingPolicy>;
};

const whole = (faults: string[], name: string, fallback: number): number => {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  if (!/^\d{1,15}$/.test(text)) faults.push(`${name} must be a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
};

const policy = (faults: string[], name: string): Partial<MatchingPolicy> => {
  const text = process.env[name];
  if (text === undefined || text === '') return {};
  try {
    return readPolicy(JSON.parse(text));
  } catch (error) {
    if (error instanceof InstanceFaults) faults.push(...error.faults.map(({ path, message }) => `${name}: ${path} ${message}`));
    else faults.push(`${name} must be JSON as in docs/matching.md: ${(error as Error).message}`);
    return {};
  }
};

/** Reads ORDERS_* once at start; throws with every wrong variable at once. */
export const readSettings = (): OrdersSettings => {
  const faults: string[] = [];
  const settings = {
    acceptHours: whole(faults, 'ORDERS_ACCEPT_HOURS', 48),
    approveHours: whole(faults, 'ORDERS_APPROVE_HOURS', 72),
    changeAnswerHours: whole(faults, 'ORDERS_CHANGE_ANSWER_HOURS', 48),
    securingHours: whole(faults, 'ORDERS_SECURING_HOURS', 168),
    wordHours: whole(faults, 'ORDERS_WORD_HOURS', 72),
    dispatchGraceDays: whole(faults, 'ORDERS_DISPATCH_GRACE_DAYS', 14),
    costOfFunds: whole(faults, 'ORDERS_COST_OF_FUNDS', 2_300),
    inputAwardUpTo: String(whole(faults, 'ORDERS_INPUT_AWARD_UP_TO', 50_000_000_000)),
    roundLines: whole(faults, 'ORDERS_ROUND_LINES', 1_000),
    matching: policy(faults, 'ORDERS_MATCHING_POLICY'),
  };
  if (faults.length > 0) throw new Error(`Orders cannot start:\n- ${faults.join('\n- ')}`);
  return settings;
};

export const settings = readSettings();
