import { NetworkRegistered, type NewFact } from '@peyvand/contracts';
import { accept, refuse, type Day, type Decision, type Money } from '@peyvand/kernel';

/** A yearly rate in basis points, in force from its day until the next one's. */
export type DatedRate = { readonly from: Day; readonly rate: number };

/** What a network's awards go by. `costOfFunds` is sorted by day and compares prices on different terms at present value. */
export type Policy = {
  readonly networkId: string;
  readonly costOfFunds: readonly DatedRate[];
  /** Awards up to this amount need no approver; absent: every award needs one. */
  readonly automaticAwardUpTo?: Money;
  readonly revision: number;
};

export type PolicyRefusal = 'rate-twice-on-a-day' | 'no-rate-in-force' | 'rate-in-the-past' | 'policy-changed-meanwhile';

type Outcome = Decision<Policy, NewFact<unknown>, PolicyRefusal>;

/** A network's first policy: some rate must be in force today. */
export const beginPolicy = (networkId: string, costOfFunds: readonly DatedRate[], automaticAwardUpTo: Money | undefined, today: Day): Outcome => {
  const rates = sorted(costOfFunds);
  const twice = rates.find((rate, i) => rates[i - 1]?.from === rate.from);
  if (twice !== undefined) return refuse('rate-twice-on-a-day', { from: twice.from });
  if (!rates.some(({ from }) => from <= today)) return refuse('no-rate-in-force', { today });
  return told({ networkId, costOfFunds: rates, ...(automaticAwardUpTo !== undefined && { automaticAwardUpTo }), revision: 1 });
};

/** `seen`: the revision that was looked at, if the caller says so. */
export type PolicyChange = { readonly costOfFunds?: readonly DatedRate[]; readonly automaticAwardUpTo?: Money; readonly seen?: number };

/**
 * New rates are added, and replace one of the same day; those of past days stay, because prices were compared at them.
 * A limit of 0 makes every award need an approver.
 */
export const changePolicy = (policy: Policy, { costOfFunds = [], automaticAwardUpTo, seen }: PolicyChange, today: Day): Outcome => {
  if (seen !== undefined && seen !== policy.revision) return refuse('policy-changed-meanwhile', { revision: policy.revision });
  const late = costOfFunds.find(({ from }) => from < today);
  if (late !== undefined) return refuse('rate-in-the-past', { from: late.from, today });
  const added = sorted(costOfFunds);
  const twice = added.find((rate, i) => added[i - 1]?.from === rate.from);
  if (twice !== undefined) return refuse('rate-twice-on-a-day', { from: twice.from });
  const kept = policy.costOfFunds.filter(({ from }) => !added.some((rate) => rate.from === from));
  return told({ ...policy, costOfFunds: sorted([...kept, ...added]), ...(automaticAwardUpTo !== undefined && { automaticAwardUpTo }), revision: policy.revision + 1 });
};

const sorted = (rates: readonly DatedRate[]): DatedRate[] => [...rates].sort((a, b) => (a.from < b.from ? -1 : 1));

const told = (policy: Policy): Outcome => accept(policy, NetworkRegistered.of({
  networkId: policy.networkId,
  costOfFunds: policy.costOfFunds.map((rate) => ({ ...rate })),
  ...(policy.automaticAwardUpTo !== undefined && { automaticAwardUpTo: policy.automaticAwardUpTo.toString() }),
  revision: policy.revision,
}));
