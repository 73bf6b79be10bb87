import { createHash } from 'node:crypto';
import { DilutionRecorded, ReceivableOpened, type PaymentTerms } from '@peyvand/contracts';
import { accept, foldCode, refuse, rials, type Day, type Decision, type Money, type PartyId } from '@peyvand/kernel';
import type { CaseRef, FinancingFact } from './case-ref.js';

/** A claim on the money of a receivable; while one is active no other can be. */
export type Lien = { readonly holderId: PartyId; readonly kind: 'debt-purchase' | 'endorsement' | 'pledge'; readonly on: Day };

/** One approved invoice is one receivable, owned whole by one party, with at most one lien. */
export type Receivable = {
  readonly of: CaseRef;
  readonly invoiceId: string;
  readonly shipmentId: string;
  readonly fingerprint: string;
  readonly amount: Money;
  readonly terms: PaymentTerms;
  readonly dueOn: Day;
  readonly ownerId: PartyId;
  readonly lien?: Lien;
  /** The debtor accepted paper or approved unconditionally: from then on the face stands whatever happens to the goods. */
  readonly undertaken: boolean;
  readonly dilutions: readonly { readonly creditNoteId: string; readonly amount: Money; readonly treatment: 'seller-debt' | 'reserve' }[];
};

/** An invoice by what cannot be rewritten: who owes whom how much, for which number of which day. */
export type InvoiceIdentity = {
  /** National id of the seller and of the buyer, or their party ids where no other is known; one kind throughout a platform. */
  readonly seller: string;
  readonly buyer: string;
  readonly number: string;
  readonly amount: Money;
  readonly issuedOn: Day;
};

/**
 * The same invoice gives the same text whether it was typed with ي or ی, Persian or Latin digits, dashes or spaces.
 * Unique in the store: double financing is refused by a constraint and not by good will.
 */
export const fingerprintOf = ({ seller, buyer, number, amount, issuedOn }: InvoiceIdentity): string =>
  createHash('sha256').update([foldCode(seller), foldCode(buyer), foldCode(number), String(amount), issuedOn].join('|')).digest('hex');

export type OpenReceivable = Omit<Receivable, 'ownerId' | 'lien' | 'undertaken' | 'dilutions'>;

/** `same` is the receivable that already stands under this fingerprint, if there is one. */
export const openReceivable = (same: Receivable | undefined, opening: OpenReceivable): Decision<Receivable, FinancingFact, 'invoice-already-registered' | 'amount-not-positive'> => {
  if (opening.amount <= 0n) return refuse('amount-not-positive');
  if (same !== undefined && same.invoiceId === opening.invoiceId && same.of.caseId === opening.of.caseId) return accept(same);
  if (same !== undefined) return refuse('invoice-already-registered', { caseId: same.of.caseId, ...lienOf(same) });
  const { of, invoiceId, shipmentId, amount, terms, dueOn } = opening;
  return accept(
    { ...opening, ownerId: of.sellerId, undertaken: false, dilutions: [] },
    ReceivableOpened.of({ ...of, invoiceId, shipmentId, amount: String(amount), terms, dueOn }),
  );
};

/** A second lien is refused with the first named (its kind and day; whose it is only its parties may know). */
export const placeLien = (receivable: Receivable, lien: Lien): Decision<Receivable, FinancingFact, 'already-under-lien'> => {
  const held = receivable.lien;
  if (held === undefined) return accept({ ...receivable, lien });
  return held.holderId === lien.holderId && held.kind === lien.kind ? accept(receivable) : refuse('already-under-lien', lienOf(receivable));
};

/** The claim passes whole to another owner, who must be the one the lien is for. */
export const transferReceivable = (receivable: Receivable, to: PartyId): Decision<Receivable, FinancingFact, 'no-lien-for-this-owner'> =>
  receivable.lien?.holderId === to ? accept({ ...receivable, ownerId: to }) : refuse('no-lien-for-this-owner');

/** The lien ends: paid, or the purchase came to nothing and the claim goes back to `to`. */
export const releaseLien = (receivable: Receivable, to: PartyId = receivable.ownerId): Decision<Receivable, FinancingFact, never> => {
  const { lien: _released, ...free } = receivable;
  return accept({ ...free, ownerId: to });
};

/** Nothing done to the goods touches the face any more (the debtor's undertaking cannot be withdrawn). */
export const undertake = (receivable: Receivable): Decision<Receivable, FinancingFact, never> => accept({ ...receivable, undertaken: true });

export type Dilution = { readonly creditNoteId: string; readonly amount: Money };

/** A credit note came: with an undertaking it is a debt of the seller to the buyer, without one the receivable is worth less. */
export const dilute = (receivable: Receivable, { creditNoteId, amount }: Dilution): Decision<Receivable, FinancingFact, 'more-than-the-receivable'> => {
  if (receivable.dilutions.some((known) => known.creditNoteId === creditNoteId)) return accept(receivable);
  const treatment = receivable.undertaken ? 'seller-debt' : 'reserve';
  if (amount > receivable.amount - dilutedBy(receivable)) return refuse('more-than-the-receivable');
  return accept(
    { ...receivable, dilutions: [...receivable.dilutions, { creditNoteId, amount, treatment }] },
    DilutionRecorded.of({ ...receivable.of, creditNoteId, amount: String(amount), treatment }),
  );
};

/** What the debtor has to pay: the face less what diluted it before there was an undertaking. */
export const collectable = (receivable: Receivable): Money => rials(receivable.amount - dilutedBy(receivable, 'reserve'));

const dilutedBy = ({ dilutions }: Receivable, ...treatments: readonly string[]): bigint =>
  dilutions.filter((d) => treatments.length === 0 || treatments.includes(d.treatment)).reduce((sum, { amount }) => sum + amount, 0n);

const lienOf = ({ lien }: Receivable): { readonly lien?: { readonly kind: Lien['kind']; readonly on: Day } } =>
  lien === undefined ? {} : { lien: { kind: lien.kind, on: lien.on } };
