import { refuse, type Day, type Money, type PartyId, type Refused } from '@peyvand/kernel';

export type InstrumentKind = 'barat' | 'safte';

/** `paper`: the seller draws on the buyer. `general`: electronic, a named drawee accepts. `chain`: electronic, the buyer draws and a bank accepts. */
export type Scheme = 'paper' | 'general' | 'chain';

export type Roles = { readonly drawerId: PartyId; readonly draweeId: PartyId; readonly payeeId: PartyId };

/**
 * Who stands where. Never "the drawer is the seller": in the electronic chain scheme the buyer draws and its bank is the drawee;
 * in the general one the buyer draws on a named drawee, or the seller on the buyer; a safte is the buyer's own promise.
 */
export const rolesOf = (kind: InstrumentKind, scheme: Scheme, buyerId: PartyId, sellerId: PartyId, draweeId?: PartyId): Roles | Refused<'drawee-not-named'> => {
  if (kind === 'safte') return { drawerId: buyerId, draweeId: buyerId, payeeId: sellerId };
  if (scheme === 'paper') return { drawerId: sellerId, draweeId: buyerId, payeeId: sellerId };
  if (scheme === 'chain') return draweeId === undefined || draweeId === buyerId ? refuse('drawee-not-named') : { drawerId: buyerId, draweeId, payeeId: sellerId };
  return draweeId === undefined || draweeId === buyerId ? { drawerId: sellerId, draweeId: buyerId, payeeId: sellerId } : { drawerId: buyerId, draweeId, payeeId: sellerId };
};

/** The items of Commercial Code art. 223 (308 for safte), each as it stands on the paper or missing. */
export type Form = {
  readonly drawerSigned: boolean;
  /** 1: the word «برات» or «سفته». */
  readonly named: boolean;
  /** 2 */ readonly drawnOn?: Day;
  /** 3 */ readonly draweeId?: PartyId;
  /** 4 */ readonly amount?: WrittenAmount;
  /** 5 */ readonly maturity?: Day;
  /** 6 */ readonly payPlace?: string;
  /** 7 */ readonly payeeId?: PartyId;
  /** 8: first, second … copy. */
  readonly copy?: number;
};

export type FormItem = 'signature' | 'name' | 'date' | 'drawee' | 'amount' | 'maturity' | 'pay-place' | 'payee' | 'copy';

/** What is missing, and whether the paper is still a commercial bill: items 2 to 8 are needed for that (226), item 1 is not in that list. */
export const formOf = (kind: InstrumentKind, form: Form): { readonly missing: readonly FormItem[]; readonly commercial: boolean } => {
  const items: readonly (readonly [FormItem, boolean])[] = [
    ['signature', form.drawerSigned],
    ['name', form.named],
    ['date', form.drawnOn !== undefined],
    ['drawee', form.draweeId !== undefined || kind === 'safte'],
    ['amount', form.amount !== undefined && faceOf(form.amount) !== undefined],
    ['maturity', form.maturity !== undefined],
    ['pay-place', form.payPlace !== undefined || kind === 'safte'],
    ['payee', form.payeeId !== undefined],
    ['copy', form.copy !== undefined || kind === 'safte'],
  ];
  const missing = items.filter(([, there]) => !there).map(([item]) => item);
  return { missing, commercial: missing.every((item) => item === 'name') };
};

/** An amount as it was written: in words once or twice, and in digits. */
export type WrittenAmount = { readonly words: readonly Money[]; readonly digits?: Money };

/** Art. 225: words beat digits, and of two amounts in words the smaller counts. */
export const faceOf = ({ words, digits }: WrittenAmount): Money | undefined =>
  words.length === 0 ? digits : words.reduce((least, amount) => (amount < least ? amount : least));
