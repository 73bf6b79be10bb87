import { assertNever, rials, type Money, type PartyId } from '@peyvand/kernel';

/**
 * What a participant has on one case. Debits less credits is the balance, so what one owns is positive and what one owes negative.
 * `claim` on the debtor, `overdue` the same after it was not paid, `debt` the debtor's side of both, `cash`, `cost` and `income` of financing,
 * `transit` between purchase and payment, `trade` paid outside the platform with paper, `note` for credit notes beside the paper, `loss` written off.
 */
export type AccountKind = 'claim' | 'overdue' | 'debt' | 'cash' | 'cost' | 'income' | 'transit' | 'trade' | 'note' | 'loss';

export type Account = { readonly partyId: PartyId; readonly caseId: string; readonly kind: AccountKind };

/** One row: `amount` > 0 moves from the credit account to the debit account. A happening's rows are linked: all or none. */
export type Transfer = {
  /** The fact or payment that caused it; with `leg` the row's key, so the same happening posts once. */
  readonly happeningId: string;
  readonly leg: number;
  readonly kind: Happening['kind'] | 'reversal';
  readonly debit: Account;
  readonly credit: Account;
  readonly amount: Money;
};

type Of = { readonly id: string; readonly caseId: string };

export type Happening =
  | (Of & { readonly kind: 'receivable-opened'; readonly debtorId: PartyId; readonly ownerId: PartyId; readonly amount: Money })
  | (Of & { readonly kind: 'debt-purchased'; readonly sellerId: PartyId; readonly funderId: PartyId; readonly face: Money; readonly profit: Money; readonly fee: Money })
  | (Of & { readonly kind: 'funds-disbursed'; readonly sellerId: PartyId; readonly funderId: PartyId; readonly amount: Money })
  /** `settles` is the case of the debt that the paper pays; without one it pays something outside the platform. */
  | (Of & { readonly kind: 'endorsed-at-face'; readonly fromId: PartyId; readonly toId: PartyId; readonly face: Money; readonly settles?: { readonly caseId: string; readonly overdue: boolean } })
  | (Of & { readonly kind: 'payment-failed'; readonly holderId: PartyId; readonly amount: Money })
  | (Of & { readonly kind: 'payment-collected'; readonly debtorId: PartyId; readonly holderId: PartyId; readonly amount: Money; readonly overdue: boolean })
  | (Of & { readonly kind: 'recourse-paid'; readonly holderId: PartyId; readonly byId: PartyId; readonly amount: Money })
  | (Of & { readonly kind: 'diluted'; readonly sellerId: PartyId; readonly buyerId: PartyId; readonly amount: Money; readonly treatment: 'seller-debt' | 'reserve' })
  | (Of & { readonly kind: 'written-off'; readonly holderId: PartyId; readonly amount: Money });

/** The linked transfers of a happening. Balanced by construction: a row cannot debit without crediting. */
export const transfersOf = (happening: Happening): readonly Transfer[] =>
  rowsOf(happening)
    .filter(([, , amount]) => amount > 0n)
    .map(([debit, credit, amount], leg) => ({ happeningId: happening.id, leg, kind: happening.kind, debit, credit, amount }));

/** What undoes a happening, row by row; the first rows stay. */
export const reversalOf = (transfers: readonly Transfer[], id: string): readonly Transfer[] =>
  transfers.map(({ debit, credit, amount }, leg) => ({ happeningId: id, leg, kind: 'reversal', debit: credit, credit: debit, amount }));

/** The balance of every account, by its key. A row seen twice counts once, and the order of rows does not matter. */
export const balancesOf = (transfers: Iterable<Transfer>): ReadonlyMap<string, Money> => {
  const [balances, seen] = [new Map<string, Money>(), new Set<string>()];
  const add = (account: Account, amount: bigint) => balances.set(accountKey(account), rials((balances.get(accountKey(account)) ?? 0n) + amount));
  for (const { happeningId, leg, debit, credit, amount } of transfers) {
    if (seen.has(`${happeningId}/${leg}`)) continue;
    seen.add(`${happeningId}/${leg}`);
    add(debit, amount);
    add(credit, -amount);
  }
  return balances;
};

export const accountKey = ({ partyId, caseId, kind }: Account): string => `${partyId}/${caseId}/${kind}`;

type Row = readonly [debit: Account, credit: Account, amount: Money];

const rowsOf = (happening: Happening): readonly Row[] => {
  const { caseId } = happening;
  const of = (partyId: PartyId, kind: AccountKind, inCase = caseId): Account => ({ partyId, caseId: inCase, kind });
  switch (happening.kind) {
    case 'receivable-opened':
      return [[of(happening.ownerId, 'claim'), of(happening.debtorId, 'debt'), happening.amount]];
    case 'debt-purchased': {
      const { sellerId, funderId, face, profit, fee } = happening;
      return [
        [of(funderId, 'claim'), of(sellerId, 'claim'), face],
        [of(sellerId, 'cost'), of(funderId, 'income'), profit],
        [of(sellerId, 'cost'), of(funderId, 'income'), fee],
        [of(sellerId, 'transit'), of(funderId, 'transit'), rials(face - profit - fee)],
      ];
    }
    case 'funds-disbursed': {
      const { sellerId, funderId, amount } = happening;
      return [
        [of(sellerId, 'cash'), of(funderId, 'cash'), amount],
        [of(funderId, 'transit'), of(sellerId, 'transit'), amount],
      ];
    }
    case 'endorsed-at-face': {
      const { fromId, toId, face, settles } = happening;
      const paidFor: Row = settles === undefined ? [of(fromId, 'trade'), of(toId, 'trade'), face] : [of(fromId, 'debt', settles.caseId), of(toId, settles.overdue ? 'overdue' : 'claim', settles.caseId), face];
      return [[of(toId, 'claim'), of(fromId, 'claim'), face], paidFor];
    }
    case 'payment-failed':
      return [[of(happening.holderId, 'overdue'), of(happening.holderId, 'claim'), happening.amount]];
    case 'payment-collected': {
      const { debtorId, holderId, amount, overdue } = happening;
      return [
        [of(holderId, 'cash'), of(debtorId, 'cash'), amount],
        [of(debtorId, 'debt'), of(holderId, overdue ? 'overdue' : 'claim'), amount],
      ];
    }
    case 'recourse-paid': {
      const { holderId, byId, amount } = happening;
      return [
        [of(holderId, 'cash'), of(byId, 'cash'), amount],
        [of(byId, 'overdue'), of(holderId, 'overdue'), amount],
      ];
    }
    case 'diluted': {
      const { sellerId, buyerId, amount, treatment } = happening;
      return treatment === 'seller-debt' ? [[of(buyerId, 'note'), of(sellerId, 'note'), amount]] : [[of(buyerId, 'debt'), of(sellerId, 'claim'), amount]];
    }
    case 'written-off':
      return [[of(happening.holderId, 'loss'), of(happening.holderId, 'overdue'), happening.amount]];
    default:
      return assertNever(happening);
  }
};
