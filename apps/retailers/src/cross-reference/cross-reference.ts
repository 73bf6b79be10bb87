import { CodesCrossReferenced } from '@peyvand/contracts';
import { foldCode, parseGtin, refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { saveCodes, type CrossReference } from '../store/code.store.js';
import { variantsOfGtins } from '../store/known-variant.store.js';
import { findPolicy } from '../store/network.store.js';

/** The network's code and what it names: a variant by its id or by its GTIN. */
export type ToldCode = { readonly code: string; readonly variantId?: string; readonly gtin?: string };

export type CrossReferenceRefusal = 'network-not-found' | 'codes-faulty';

/**
 * The network's own article codes for variants; a later entry for the same code replaces the earlier. Codes that differ only in
 * spelling (digits, case, spaces, dashes) are one code.
 */
export const crossReference = async (tx: Tx, networkId: string, told: readonly ToldCode[]): Promise<{ ok: true; codes: number; changed: number } | Refused<CrossReferenceRefusal>> => {
  if ((await findPolicy(tx, networkId)) === undefined) return refuse('network-not-found');
  const { codes, errors } = await resolved(tx, told);
  const distinct = new Map<string, CrossReference>();
  codes.forEach((entry, i) => {
    if (entry === undefined) return;
    const folded = foldCode(entry.code);
    const known = distinct.get(folded);
    if (folded === '') errors.push({ path: `codes[${i}].code`, code: 'code-has-no-letters' });
    else if (known !== undefined && known.variantId !== entry.variantId) errors.push({ path: `codes[${i}].code`, code: 'code-repeated' });
    else distinct.set(folded, entry);
  });
  if (errors.length > 0) return refuse('codes-faulty', { errors: errors.slice(0, 200), faults: errors.length });
  const kept = [...distinct.values()];
  const changed = await saveCodes(tx, networkId, kept);
  if (changed > 0) await tx.publish(lotsOf(kept).map((lot) => CodesCrossReferenced.of({ networkId, codes: lot.map(({ code, variantId }) => ({ code, variantId })) })));
  return { ok: true, codes: kept.length, changed };
};

type Fault = { path: string; code: string };

/** Each entry with its variant, undefined where a fault says why not. */
const resolved = async (tx: Tx, told: readonly ToldCode[]): Promise<{ codes: (CrossReference | undefined)[]; errors: Fault[] }> => {
  const gtins = told.map(({ variantId, gtin }) => (variantId === undefined && gtin !== undefined ? parseGtin(gtin) : undefined));
  const known = await variantsOfGtins(tx, gtins.flatMap((gtin) => (gtin?.ok === true ? [gtin.value] : [])));
  const errors: Fault[] = [];
  const codes = told.map(({ code, variantId, gtin }, i): CrossReference | undefined => {
    if ((variantId === undefined) === (gtin === undefined)) return void errors.push({ path: `codes[${i}]`, code: 'variant-or-gtin' });
    if (variantId !== undefined) return { code, variantId };
    const parsed = gtins[i];
    if (parsed === undefined || !parsed.ok) return void errors.push({ path: `codes[${i}].gtin`, code: parsed?.reason ?? 'gtin-unknown' });
    const found = known.get(parsed.value);
    return found === undefined ? void errors.push({ path: `codes[${i}].gtin`, code: 'gtin-unknown' }) : { code, variantId: found };
  });
  return { codes, errors };
};

// A broker takes messages of about a megabyte; a code is at most 60 characters of up to four bytes.
const mostInAFact = 1_000;

const lotsOf = <T>(all: readonly T[]): T[][] => Array.from({ length: Math.ceil(all.length / mostInAFact) }, (_, i) => all.slice(i * mostInAFact, (i + 1) * mostInAFact));
