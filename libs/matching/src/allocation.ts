import type { CivilDay, PaymentTerms, Rials } from './instance.js';

export type UnmatchedReason = 'no-offer' | 'no-capacity' | 'above-ceiling' | 'too-late' | 'below-grade' | 'seller-not-allowed' | 'terms-not-offered' | 'below-minimum' | 'not-whole' | 'share-cap' | 'too-many-suppliers';

/** The changes that together would have matched the line; empty where the buyer cannot cure it. */
export type Cure = { readonly priceCeiling?: Rials; readonly neededBy?: CivilDay; readonly quantity?: number; readonly minimumFill?: number; readonly shareCap?: number; readonly maximumSuppliers?: number };

/** Rials per unit with at most three decimals. */
export type UnitRials = string;

export type RunnerUp = {
  readonly offerId: string;
  readonly sellerId: string;
  /** The line's own, or a substitute. */
  readonly variantId: string;
  readonly landed: UnitRials;
  /** Of what the two were compared by: landed cost and premia. */
  readonly difference: UnitRials;
};

/** A quantity of one line given to one offer, with what it costs and why it is the choice. */
export type LineMatch = {
  readonly lineId: string;
  readonly offerId: string;
  readonly sellerId: string;
  readonly variantId: string;
  readonly quantity: number;
  readonly terms: PaymentTerms;
  readonly price: { readonly amount: Rials; readonly per: number };
  /** quantity × price, nominal. */
  readonly amount: Rials;
  /** For the whole quantity, at the buyer's cost of funds. */
  readonly presentValue: Rials;
  readonly freight: Rials;
  readonly landed: Rials;
  readonly perUnit: {
    readonly presentValue: UnitRials;
    readonly freight: UnitRials;
    readonly landed: UnitRials;
    /** What quality, time and risk weighed beside the landed cost; absent where nothing did. */
    readonly premium?: UnitRials;
  };
  readonly readyOn: CivilDay;
  readonly arrivesOn: CivilDay;
  readonly distanceKm: number;
  /** The next best offer that still had room; for the buyer alone. */
  readonly runnerUp?: RunnerUp;
};

export type Obstacle = { readonly reason: UnmatchedReason; readonly cure: Cure };

export type UnmatchedLine = Obstacle & {
  readonly lineId: string;
  readonly variantId: string;
  readonly quantity: number;
  /** Other single ways to a match. */
  readonly alternatives: readonly Obstacle[];
};

export type Quality =
  | { readonly optimal: true }
  /** The least cost possible lies at most this far below the result's (penalties of unmatched units included). */
  | { readonly optimal: false; readonly gap: { readonly rials: Rials; readonly ratio: number } };

/** Dual prices of the continuous problem, in thousandths of a rial per unit; lines without any allowed offer are not in it. */
export type Certificate = {
  readonly scale: 1000;
  /** What one unit more of the line would cost, and what leaving it unmatched costs. */
  readonly lines: Readonly<Record<string, { readonly worth: string; readonly penalty: string }>>;
  /** What one unit more of the offer's capacity would save. */
  readonly offers: Readonly<Record<string, string>>;
  /** No allocation costs less; equal to `objective` when the result is optimal. */
  readonly bound: string;
  /** What the dual prices prove without branching; `verifyAllocation` reckons it anew. */
  readonly proven: string;
  readonly objective: string;
};

/**
 * How the floor share of small units came about: allocating at least cost where each of their units counts `bonus` thousandths of a rial less.
 * The bonus is the smallest that reaches the share, or the largest within the tolerance; it is paid by nobody. `least` proves the least cost.
 */
export type FairnessReport = {
  readonly bonus: string;
  /** Units of small producers and of all. */
  readonly small: number;
  readonly matched: number;
  readonly reached: boolean;
  /** By line, the units that an even spread of a shortage gives it at least; only where the policy asks for it and a part was short. */
  readonly floors?: Readonly<Record<string, number>>;
  readonly least: Certificate;
};

export type Allocation = {
  readonly matches: readonly LineMatch[];
  readonly unmatched: readonly UnmatchedLine[];
  readonly quality: Quality;
  readonly cost: { readonly presentValue: Rials; readonly freight: Rials; readonly landed: Rials; readonly unmatchedUnits: number; /** Of the offers used, beside the landed cost. */ readonly setUp?: Rials };
  readonly certificate: Certificate;
  /** Where the policy asks for it. */
  readonly fairness?: FairnessReport;
  readonly work: { readonly components: number; readonly arcs: number; readonly nodes: number };
};
