import type { PaymentTerms } from '@peyvand/contracts';
import type { Money, PartyId } from '@peyvand/kernel';
import type { MatchRef } from '../../src/domain/case-ref.js';
import type { FinancingCase } from '../../src/domain/financing-case.js';
import { accountKey, type Happening, transfersOf } from '../../src/domain/ledger.js';
import type { Limit, Reservation } from '../../src/domain/limit.js';
import { CoverBook, type CoverDecision } from '../../src/store/cover-book.js';
import type { CaseFile } from '../../src/store/cases.store.js';

export type Purpose = 'disburse' | 'collect' | 'recourse';
export type Payment = { readonly id: string; readonly caseId: string; readonly purpose: Purpose; readonly fromId: PartyId; readonly toId: PartyId; readonly amount: Money; readonly state: 'asked' | 'done' | 'refused' };
export type Match = { readonly of: MatchRef; readonly terms: PaymentTerms; readonly deliveries: number; readonly shipped: boolean };

/** The rows of financing, as its tables hold them. */
export class Rows {
  readonly files = new Map<string, CaseFile>();
  readonly limits = new Map<string, Limit>();
  readonly reservations = new Map<string, Reservation>();
  readonly matches = new Map<string, Match>();
  readonly payments = new Map<string, Payment>();
  /** Active liens: the unique index refuses a second one. */
  readonly liens = new Map<string, PartyId>();
  readonly fingerprints = new Set<string>();
  readonly balances = new Map<string, { readonly partyId: PartyId; readonly caseId: string; readonly kind: string; readonly amount: bigint }>();
  private readonly posted = new Set<string>();

  save(file: CaseFile): void {
    this.files.set(file.case.of.caseId, file);
  }

  cases(of: (state: FinancingCase, file: CaseFile) => boolean): CaseFile[] {
    return [...this.files.values()].filter((file) => of(file.case, file));
  }

  casesOf(matchId: string): CaseFile[] {
    return this.cases(({ of }) => of.matchId === matchId);
  }

  post(happening: Happening): void {
    for (const { happeningId, leg, debit, credit, amount } of transfersOf(happening)) {
      if (this.posted.has(`${happeningId}/${leg}`)) continue;
      this.posted.add(`${happeningId}/${leg}`);
      for (const [account, moved] of [[debit, amount], [credit, -amount]] as const) {
        const key = accountKey(account);
        this.balances.set(key, { ...account, amount: (this.balances.get(key)?.amount ?? 0n) + moved });
      }
    }
  }

  placeLien(caseId: string, holderId: PartyId): void {
    if (this.liens.has(caseId)) throw new Error(`case ${caseId} is under a lien already`);
    this.liens.set(caseId, holderId);
  }

  book(): CoverBook {
    return new CoverBook([...this.limits.values()], [...this.reservations.values()]);
  }

  keep(book: CoverBook): void {
    for (const limit of book.allLimits()) this.limits.set(limit.id, limit);
    for (const { reservation } of book.covered()) this.reservations.set(`${reservation.of.matchId}/${reservation.limitId}`, reservation);
  }

  /** As `changeCover` does it. */
  changeCover(matchId: string, decide: CoverDecision): void {
    const book = this.book();
    for (const covered of book.covered(matchId)) {
      const decision = decide(covered);
      if (decision?.ok === true) book.put(decision.state);
    }
    this.keep(book);
  }

  isPaymentUnderWay(caseId: string): boolean {
    return [...this.payments.values()].some((payment) => payment.caseId === caseId && payment.state === 'asked');
  }
}
