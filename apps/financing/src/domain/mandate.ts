import { refuse, type Day, type Money, type PartyId, type Refused } from '@peyvand/kernel';

/** Who may bind a party with a signature: these persons, so many of them together, up to this amount, until this day. */
export type SigningMandate = {
  readonly partyId: PartyId;
  /** Subjects of the identity provider, never names. */
  readonly persons: readonly string[];
  /** 1 when each may sign alone (several), more when that many must sign together (joint). */
  readonly together: number;
  readonly ceiling: Money;
  readonly validUntil: Day;
};

export type Signature = { readonly partyId: PartyId; readonly persons: readonly string[]; readonly amount: Money; readonly on: Day };

export type MandateRefusal = 'no-mandate' | 'mandate-expired' | 'above-mandate' | 'more-signatures-needed';

/** Undefined when some mandate of the party covers the signature; otherwise how near the nearest came. */
export const mandateFault = (mandates: readonly SigningMandate[], { partyId, persons, amount, on }: Signature): Refused<MandateRefusal> | undefined => {
  const signedBy = ({ persons: named }: SigningMandate) => new Set(persons.filter((p) => named.includes(p))).size;
  const own = mandates.filter((m) => m.partyId === partyId && signedBy(m) > 0);
  if (own.length === 0) return refuse('no-mandate');
  const valid = own.filter((m) => on <= m.validUntil);
  if (valid.length === 0) return refuse('mandate-expired');
  const enough = valid.filter((m) => amount <= m.ceiling);
  if (enough.length === 0) return refuse('above-mandate', { ceiling: String(valid.reduce((most, m) => (m.ceiling > most ? m.ceiling : most), 0n)) });
  return enough.some((m) => signedBy(m) >= m.together) ? undefined : refuse('more-signatures-needed', { needed: Math.min(...enough.map((m) => m.together - signedBy(m))) });
};
