import type { GeoPoint, YearBasis } from '@peyvand/kernel';

/** Whole rials in decimal digits, as contracts and rows carry them. */
export type Rials = string;
/** Civil day in Tehran, YYYY-MM-DD. */
export type CivilDay = string;
export type Grade = 'A' | 'B' | 'C';
export type FillPolicy = 'partial' | 'all-or-none' | 'back-order';

export type PaymentTerms = {
  readonly days: number;
  readonly base: 'invoice' | 'receipt' | 'month-end';
  readonly instrument: 'cash' | 'open' | 'barat' | 'e-barat' | 'safte' | 'cheque';
};

/**
 * Lower prices for larger quantities of one matched line, steps in rising order; amounts are for as many units as the price's `per`. With `all-units`
 * the whole quantity is sold at the price of the step it reaches, with `incremental` only the units from that step on.
 */
export type Breaks = { readonly kind: 'all-units' | 'incremental'; readonly steps: readonly { readonly from: number; readonly amount: Rials }[] };

export type Quote = {
  readonly terms: PaymentTerms;
  readonly price: { readonly amount: Rials; readonly per: number };
  readonly breaks?: Breaks;
  readonly validUntil: CivilDay;
};

/** What a buyer still needs of one variant. */
export type MarketLine = {
  readonly id: string;
  readonly variantId: string;
  /** Other variants that do as well, the preferred first. Cost decides; preference only between equal costs. */
  readonly substitutes?: readonly string[];
  readonly quantity: number;
  readonly shipTo: GeoPoint;
  readonly neededBy: CivilDay;
  /** The buyer's cost of funds on `asOf`, in basis points a year. */
  readonly costOfFunds: number;
  /** Most the buyer pays per unit, compared with the present value (of the price, or of the landed cost, by policy). */
  readonly priceCeiling?: Rials;
  /** Only this term; absent = any the offer quotes. */
  readonly terms?: PaymentTerms;
  readonly minimumGrade?: Grade;
  /** `back-order` is solved as `partial`; keeping the rest waiting is the caller's part. */
  readonly fillPolicy: FillPolicy;
  /** Fewer units than this are of no use: at least so many are matched, or none. `all-or-none` wants the whole quantity. */
  readonly minimumFill?: number;
  /** Sellers in the order the buyer likes them; all others come after the last. Only `premia.preference` looks at it. */
  readonly preferredSellers?: readonly string[];
  /** Not empty = only these sellers. */
  readonly approvedSellers?: readonly string[];
  readonly blockedSellers?: readonly string[];
  /** Sellers left out for this line now, such as one that declined it, or the buyer itself. */
  readonly excludedSellers?: readonly string[];
  /** The line is matched by at most so many sellers. */
  readonly maximumSuppliers?: number;
  /** No seller gets more than so many per cent of the line's quantity. */
  readonly shareCap?: number;
  /**
   * Units by seller that were matched before, where the line is the rest of a larger one: these sellers count among `maximumSuppliers` and their
   * units towards `shareCap`, which is then a share of the larger quantity.
   */
  readonly held?: Readonly<Record<string, number>>;
  /** Producers that got nothing may learn the band by which they missed this line; see `lostBandsOf`. */
  readonly tellsLosers?: boolean;
  /** What a unit left unmatched costs, in rials; absent = fill as much as possible first, then least cost. */
  readonly unmatchedPenalty?: Rials;
};

/** What a producer can still deliver of one variant. */
export type MarketOffer = {
  readonly id: string;
  readonly sellerId: string;
  readonly variantId: string;
  /** Free units: offered less committed. */
  readonly capacity: number;
  /** Least quantity of one matched line. */
  readonly minimum: number;
  /** Matched quantities are multiples of this. */
  readonly lot: number;
  readonly leadDays: number;
  readonly from: CivilDay;
  readonly until: CivilDay;
  readonly grade: Grade;
  readonly place: GeoPoint;
  readonly weightGrams?: number;
  readonly prices: readonly Quote[];
  /** Rials that using the offer at all costs in a round, such as setting up a machine; borne once, whatever is taken. */
  readonly fixedCost?: Rials;
  /** How far the producer's word can be relied on, 0 to 100; absent = 100. Only `premia.risk` looks at it. */
  readonly credibility?: number;
  /** A small unit, for which `fairness` keeps a share. */
  readonly small?: boolean;
};

/**
 * What a buyer would pay more per unit for better goods, sooner, from a surer producer: basis points of the present value, weighed when offers
 * are compared, never paid and no part of the landed cost.
 */
export type Premia = {
  /** Of each grade; that of the best is usually 0. */
  readonly grade: Readonly<Record<Grade, number>>;
  /** For every day until the goods arrive. */
  readonly day: number;
  /** For a producer of credibility 0; in proportion between. */
  readonly risk: number;
  /** For every place after the first among the line's preferred sellers; absent = 0. */
  readonly preference?: number;
};

/**
 * Small units together get at least `floorShare` per cent of the matched units, as far as that costs at most `tolerance` basis points above the least cost.
 * With `maxMinFill` a shortage is then spread: within what is left of the tolerance, the worst filled line of each part of the market is filled as far as can be.
 */
export type Fairness = { readonly floorShare: number; readonly tolerance: number; readonly maxMinFill?: boolean };

export type MatchingPolicy = {
  readonly freight: {
    readonly rialsPerTonneKm: number;
    /** Road kilometres per 100 km as the crow flies. */
    readonly roadPercent: number;
    /** Handling of one unit, whatever the distance. */
    readonly perUnit: Rials;
  };
  readonly transit: { readonly kmPerDay: number; readonly handlingDays: number };
  readonly yearDays: YearBasis;
  readonly ceilingCovers: 'price' | 'landed';
  /** How much branching lots, minimums and all-or-none may cost in each part of the market, in thousands of arcs looked at. Work, not time, so that a result can be repeated. */
  readonly effort: number;
  /** A proven gap of so many basis points of a part's cost is good enough to stop at; absent = go on to the optimum or the end of the effort. */
  readonly enoughGap?: number;
  readonly premia?: Premia;
  readonly fairness?: Fairness;
};

/** Placeholders of the order of magnitude of Iranian road freight; operators set their own. */
export const defaultPolicy: MatchingPolicy = {
  freight: { rialsPerTonneKm: 40_000, roadPercent: 130, perUnit: '0' },
  transit: { kmPerDay: 600, handlingDays: 0 },
  yearDays: 365,
  ceilingCovers: 'price',
  effort: 20,
};

export type MarketInstance = {
  readonly asOf: CivilDay;
  readonly lines: readonly MarketLine[];
  readonly offers: readonly MarketOffer[];
  /** Ties are broken by a hash of this and the id, so that no one gains by arriving first or by choosing an id. */
  readonly tieBreak?: string;
  readonly policy?: Partial<MatchingPolicy>;
};
