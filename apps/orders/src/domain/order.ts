import type { FillPolicy, PaymentTerms, Place } from '@peyvand/contracts';
import type { Day, Instant } from '@peyvand/kernel';
import type { Cure, UnmatchedReason } from '@peyvand/matching';
import type { Sourcing } from './sourcing.js';

export type Grade = 'A' | 'B' | 'C';
export type OrderStatus = 'open' | 'closed' | 'part-closed' | 'cancelled' | 'unmatched';

export type Order = {
  readonly orderId: string;
  readonly buyerId: string;
  readonly poNumber: string;
  readonly award: 'automatic' | 'approver';
  /** An input order: the match of the buyer's own sale that it feeds. */
  readonly parentMatchId?: string;
  readonly importId?: string;
  /** The person who submitted; never the one who approves. */
  readonly submittedBy: string;
  readonly submittedAt: Instant;
  readonly revision: number;
  readonly status: OrderStatus;
  /** The buyer took it back; it stays open while goods that had left are received and paid. */
  readonly cancelled: boolean;
  readonly version: number;
};

/** What the buyer asks for. `priceCeiling` is rials per unit at present value; `neededBy` a civil day in Tehran. */
export type Wish = Sourcing & {
  readonly quantity: number;
  readonly neededBy: Day;
  readonly priceCeiling?: string;
  readonly terms?: PaymentTerms;
  readonly minimumGrade?: Grade;
  readonly fillPolicy: FillPolicy;
  /** Variants that do as well as the line's own, the preferred first; the same market and unit. */
  readonly substitutes: readonly string[];
  readonly approvedSellers: readonly string[];
  readonly blockedSellers: readonly string[];
};

/** Every unit of a line is in exactly one of four places, so quantity = matched + waiting + unmatched + cancelled. */
export type Progress = {
  readonly matched: number;
  /** In the queue for a round. */
  readonly waiting: number;
  /** Tried without success; tried again only when the buyer changes the line. */
  readonly unmatched: number;
  readonly cancelled: number;
  /** The last word on the unmatched: its day has passed. */
  readonly final: boolean;
};

export type Line = Wish & Progress & {
  readonly lineId: string;
  readonly orderId: string;
  readonly variantId: string;
  readonly market: string;
  readonly unit: string;
  /** The buyer's own article code, when it ordered by that. */
  readonly code?: string;
  readonly shipTo: Place;
  /** Sellers that were matched to this line and fell away: they are not asked again. */
  readonly excludedSellers: readonly string[];
  /** Why nothing (more) was found at the last try, and the smallest change that would help. */
  readonly reason?: UnmatchedReason;
  readonly cure?: Cure;
  readonly version: number;
};
