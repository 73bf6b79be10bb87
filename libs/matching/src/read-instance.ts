import { isDay } from '@peyvand/kernel';

import type { Breaks, MarketInstance, MarketLine, MatchingPolicy, Quote } from './instance.js';

export type InstanceFault = { readonly path: string; readonly code: string; readonly message: string };

/** Everything that is wrong with an instance, each with its path; nothing was solved. */
export class InstanceFaults extends Error {
  constructor(readonly faults: readonly InstanceFault[]) {
    super(`The instance has ${faults.length} fault(s); first: ${faults[0]?.path} ${faults[0]?.message}`);
  }
}

/** Reads parsed JSON as an instance; throws InstanceFaults that lists every fault. Unknown fields are faults too: a misspelled one would silently change the answer. */
export const readInstance = (value: unknown): MarketInstance => {
  const faults = faultsOf(value);
  if (faults.length > 0) throw new InstanceFaults(faults);
  return value as MarketInstance;
};

/** Reads parsed JSON as a policy, of which every part may be left out; throws InstanceFaults like `readInstance`. */
export const readPolicy = (value: unknown): Partial<MatchingPolicy> => {
  const faults: InstanceFault[] = [];
  policy(value, 'policy', (path, code, message) => faults.push({ path, code, message }));
  if (faults.length > 0) throw new InstanceFaults(faults);
  return value as Partial<MatchingPolicy>;
};

/** Throws InstanceFaults when the solver could not trust the numbers; rows may carry further fields of their owner. */
export const checkInstance = (instance: MarketInstance): void => {
  const faults = faultsOf(instance).filter(({ code }) => code !== 'unknown-field');
  if (faults.length > 0) throw new InstanceFaults(faults);
};

const faultsOf = (value: unknown): InstanceFault[] => {
  const faults: InstanceFault[] = [];
  instance(value, '', (path, code, message) => faults.push({ path: path === '' ? '$' : path, code, message }));
  return faults;
};

type Report = (path: string, code: string, message: string) => void;
type Check = (value: unknown, path: string, report: Report) => void;
type Fields = Readonly<Record<string, { readonly check: Check; readonly optional?: true }>>;

const must = (check: Check) => ({ check });
const may = (check: Check) => ({ check, optional: true as const });

const record = (fields: Fields, partial = false): Check => {
  const known = Object.entries(fields);
  return (value, path, report) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return report(path, 'not-an-object', 'must be an object');
    const row = value as Readonly<Record<string, unknown>>;
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
    for (const [name, { check, optional }] of known) {
      if (row[name] !== undefined) check(row[name], at(name), report);
      else if (!optional && !partial) report(at(name), 'missing', 'is missing');
    }
    for (const name of Object.keys(row)) if (!Object.hasOwn(fields, name)) report(at(name), 'unknown-field', 'is no field of the format');
  };
};

const list = (item: Check, least = 0): Check => (value, path, report) => {
  if (!Array.isArray(value)) return report(path, 'not-a-list', 'must be a list');
  if (value.length < least) report(path, 'too-few', `needs at least ${least}`);
  value.forEach((entry, i) => item(entry, `${path}[${i}]`, report));
};

const text: Check = (value, path, report) => {
  if (typeof value !== 'string' || value === '') report(path, 'not-a-text', 'must be a text that is not empty');
};
const anyText: Check = (value, path, report) => {
  if (typeof value !== 'string') report(path, 'not-a-text', 'must be a text');
};
const whole = (least: number, most: number): Check => (value, path, report) => {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) report(path, 'not-a-whole-number', `must be a whole number from ${least} to ${most}`);
};
const degrees = (most: number): Check => (value, path, report) => {
  if (typeof value !== 'number' || !(Math.abs(value) <= most)) report(path, 'not-degrees', `must be degrees from -${most} to ${most}`);
};
const rials: Check = (value, path, report) => {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) report(path, 'not-rials', 'must be whole rials as a text of 1 to 20 digits');
};
const day: Check = (value, path, report) => {
  if (typeof value !== 'string' || !isDay(value)) report(path, 'not-a-day', 'must be a civil day that exists, YYYY-MM-DD');
};
const oneOf = (...words: readonly unknown[]): Check => (value, path, report) => {
  if (!words.includes(value)) report(path, 'not-a-choice', `must be one of ${words.join(', ')}`);
};
/** Places of other formats carry a city and an id beside the degrees; those are let through. */
const place: Check = (value, path, report) =>
  record({ latitude: must(degrees(90)), longitude: must(degrees(180)), placeId: may(anyText), city: may(anyText), province: may(anyText) })(value, path, report);

const most = 1_000_000_000;
const unitsBySeller: Check = (value, path, report) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return report(path, 'not-an-object', 'must be an object of units by seller');
  for (const [seller, units] of Object.entries(value)) whole(1, most)(units, `${path}.${seller}`, report);
};
const grade = oneOf('A', 'B', 'C');
const terms = record({ days: must(whole(0, 365)), base: must(oneOf('invoice', 'receipt', 'month-end')), instrument: must(oneOf('cash', 'open', 'barat', 'e-barat', 'safte', 'cheque')) });
const step = record({ from: must(whole(2, most)), amount: must(rials) });
const breaks = record({ kind: must(oneOf('all-units', 'incremental')), steps: must(list(step, 1)) });
const falling: Check = (value, path, report) => {
  const { price, breaks: broken } = (value ?? {}) as Partial<Quote>;
  if (!Array.isArray(broken?.steps)) return;
  let before = { from: 1, amount: price?.amount };
  broken.steps.forEach((each: Partial<Breaks['steps'][number]> | null, n) => {
    if (Number(each?.from) <= before.from) report(`${path}.breaks.steps[${n}].from`, 'not-rising', 'must be above the step before');
    if (/^\d+$/.test(String(each?.amount)) && /^\d+$/.test(String(before.amount)) && BigInt(each?.amount ?? 0) >= BigInt(before.amount ?? 0)) report(`${path}.breaks.steps[${n}].amount`, 'not-falling', 'must be below the price before it');
    before = { from: Number(each?.from), amount: each?.amount };
  });
};
const plainQuote = record({ terms: must(terms), price: must(record({ amount: must(rials), per: must(whole(1, most)) })), breaks: may(breaks), validUntil: must(day) });
const quote: Check = (value, path, report) => {
  plainQuote(value, path, report);
  falling(value, path, report);
};
const line = record({
  id: must(text), variantId: must(text), substitutes: may(list(text)), quantity: must(whole(1, most)), shipTo: must(place), neededBy: must(day),
  costOfFunds: must(whole(0, 100_000)), priceCeiling: may(rials), terms: may(terms), minimumGrade: may(grade), fillPolicy: must(oneOf('partial', 'all-or-none', 'back-order')), minimumFill: may(whole(1, most)),
  approvedSellers: may(list(text)), preferredSellers: may(list(text)), blockedSellers: may(list(text)), excludedSellers: may(list(text)), unmatchedPenalty: may(rials),
  maximumSuppliers: may(whole(1, 1_000)), shareCap: may(whole(1, 100)), held: may(unitsBySeller), tellsLosers: may(oneOf(true, false)),
});
const offer = record({
  id: must(text), sellerId: must(text), variantId: must(text), capacity: must(whole(0, most)), minimum: must(whole(0, most)), lot: must(whole(1, most)),
  leadDays: must(whole(0, 365)), from: must(day), until: must(day), grade: must(grade), place: must(place), weightGrams: may(whole(0, 100_000_000)), prices: must(list(quote)),
  fixedCost: may(rials), credibility: may(whole(0, 100)), small: may(oneOf(true, false)),
});
const policy = record({
  freight: must(record({ rialsPerTonneKm: must(whole(0, 10_000_000)), roadPercent: must(whole(100, 1_000)), perUnit: must(rials) })),
  transit: must(record({ kmPerDay: must(whole(1, 10_000)), handlingDays: must(whole(0, 365)) })),
  yearDays: must(oneOf(360, 365, 'jalali-year')), ceilingCovers: must(oneOf('price', 'landed')), effort: must(whole(0, 10_000_000)), enoughGap: may(whole(0, 10_000)),
  premia: may(record({ grade: must(record({ A: must(whole(0, 10_000)), B: must(whole(0, 10_000)), C: must(whole(0, 10_000)) })), day: must(whole(0, 1_000)), risk: must(whole(0, 10_000)), preference: may(whole(0, 10_000)) })),
  fairness: may(record({ floorShare: must(whole(0, 100)), tolerance: must(whole(0, 10_000)), maxMinFill: may(oneOf(true, false)) })),
}, true);
const shape = record({ asOf: must(day), lines: must(list(line)), offers: must(list(offer)), tieBreak: may(anyText), policy: may(policy) });

const instance: Check = (value, path, report) => {
  shape(value, path, report);
  const { lines } = (value ?? {}) as Partial<MarketInstance>;
  if (Array.isArray(lines)) lines.forEach((each: Partial<MarketLine> | null, i) => {
    if (Number(each?.minimumFill) > Number(each?.quantity)) report(`lines[${i}].minimumFill`, 'above-quantity', 'must not be above the quantity');
  });
  for (const name of ['lines', 'offers'] as const) onceEach((value as Partial<MarketInstance> | null)?.[name], name, report);
};

const onceEach = (rows: readonly { readonly id?: unknown }[] | undefined, name: string, report: Report): void => {
  if (!Array.isArray(rows)) return;
  const seen = new Map<unknown, number>();
  rows.forEach((row: { readonly id?: unknown } | null, i) => {
    const id = row?.id;
    const before = seen.get(id);
    if (before !== undefined && id !== undefined) report(`${name}[${i}].id`, 'repeated', `repeats the id of ${name}[${before}]`);
    else seen.set(id, i);
  });
};
