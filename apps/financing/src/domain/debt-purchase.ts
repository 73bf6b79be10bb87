import { divideHalfUp, rials, type BasisPoints, type Money } from '@peyvand/kernel';

/** What is asked of the formula: a face due in `days`, at an annual rate over a year of `yearDays`. */
export type Deal = { readonly face: Money; readonly days: number; readonly yearDays: number };

export type Offered = { readonly rate: BasisPoints; readonly fee: Money };

export type Purchase = Deal &
  Offered & {
    /** face / (1 + days × rate / yearDays), rounded half up once. */
    readonly price: Money;
    /** face − price: what the funder earns if it is paid on the day. */
    readonly profit: Money;
    /** price − fee: what reaches the seller. */
    readonly net: Money;
    /** Duty the seller bears because the paper was drawn for this deal; 0 otherwise. */
    readonly stampDuty: Money;
    /** Yearly cost of everything the seller bears, in thousandths of a per cent (23,504 = 23.504 %); undefined when no day is left. */
    readonly allIn: number | undefined;
  };

/**
 * The rational (true) discount of kharid-e deyn, exactly in integers: P = F·10⁴·d / (10⁴·d + n·r) with r in basis points
 * (circular 141696/90 of 1390). The bank's discount F·(1 − n·r/d) gives another price.
 */
export const rationalPrice = ({ face, days, yearDays }: Deal, rate: BasisPoints): Money => {
  if (!Number.isSafeInteger(days) || days < 0 || !Number.isSafeInteger(yearDays) || yearDays <= 0) throw new RangeError(`No price over ${days} days of ${yearDays}`);
  const whole = 10_000n * BigInt(yearDays);
  return divideHalfUp(face * whole, whole + BigInt(days) * BigInt(rate)) as Money;
};

/** The face whose price is `price`: the formula the other way round. */
export const faceForPrice = (price: Money, days: number, rate: BasisPoints, yearDays: number): Money => {
  const whole = 10_000n * BigInt(yearDays);
  return divideHalfUp(price * (whole + BigInt(days) * BigInt(rate)), whole) as Money;
};

export const purchaseOf = (deal: Deal, { rate, fee }: Offered, stampDuty: Money = rials(0)): Purchase => {
  const price = rationalPrice(deal, rate);
  const net = (price - fee) as Money;
  return { ...deal, rate, fee, price, profit: (deal.face - price) as Money, net, stampDuty, allIn: allInRate(deal, (net - stampDuty) as Money) };
};

/** (face / received − 1) × yearDays / days, in thousandths of a per cent. */
export const allInRate = ({ face, days, yearDays }: Deal, received: Money): number | undefined =>
  days === 0 || received <= 0n ? undefined : Number(divideHalfUp((face - received) * BigInt(yearDays) * 100_000n, received * BigInt(days)));

/**
 * Bids in the order the one who bears the cost prefers them: most money received at the true amount and days, never by the quoted rate
 * (a low rate with a fee wins or loses by how many days are left). Equal ones by the lower rate, then by who came first, then by id.
 */
export const rankBids = <Bid extends Offered & { readonly bidId: string; readonly placedAt: number }>(
  bids: readonly Bid[],
  deal: Deal,
  stampDuty: Money = rials(0),
): readonly { readonly bid: Bid; readonly purchase: Purchase }[] =>
  bids
    .map((bid) => ({ bid, purchase: purchaseOf(deal, bid, stampDuty) }))
    .sort(
      (a, b) =>
        Number(b.purchase.net > a.purchase.net) - Number(b.purchase.net < a.purchase.net) ||
        a.bid.rate - b.bid.rate ||
        a.bid.placedAt - b.bid.placedAt ||
        (a.bid.bidId < b.bid.bidId ? -1 : 1),
    );

/** Several debts as one (راس‌گیری): the money-weighted days, shown line by line; how a part of a day counts is the agreement's to say. */
export const averageDays = (debts: readonly { readonly amount: Money; readonly days: number }[], rounding: 'up' | 'down' | 'half-up'): number => {
  const total = debts.reduce((sum, { amount }) => sum + amount, 0n);
  const weighted = debts.reduce((sum, { amount, days }) => sum + amount * BigInt(days), 0n);
  if (total <= 0n) throw new RangeError('No debts, no average');
  if (rounding === 'half-up') return Number(divideHalfUp(weighted, total));
  return Number(weighted / total) + (rounding === 'up' && weighted % total > 0n ? 1 : 0);
};

/** One step of how the money came about; amounts taken away are negative, so the amounts up to `received` add up to it. */
export type Step = { readonly step: 'face' | 'profit' | 'fee' | 'stamp-duty' | 'received'; readonly amount: Money };

/** The purchase as a person would check it with a pencil. */
export const explain = (purchase: Purchase): { readonly formula: string; readonly steps: readonly Step[] } => {
  const { face, days, yearDays, rate, profit, fee, stampDuty, net } = purchase;
  const taken: readonly Step[] = [
    { step: 'profit', amount: -profit as Money },
    { step: 'fee', amount: -fee as Money },
    { step: 'stamp-duty', amount: -stampDuty as Money },
  ];
  return {
    formula: `${face} ÷ (1 + ${days} × ${percent(rate)} ÷ ${yearDays})`,
    steps: [{ step: 'face', amount: face }, ...taken.filter(({ amount }) => amount !== 0n), { step: 'received', amount: (net - stampDuty) as Money }],
  };
};

const percent = (rate: BasisPoints): string => `${Math.floor(rate / 100)}.${String(rate % 100).padStart(2, '0')}%`;
