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
 * The network's own article codes for variants. Entries of one code are alternatives in order of preference, the first preferred; a later
 * request that names the code replaces them all. Codes that differ only in spelling (digits, case, spaces, dashes) are one code.
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
    else if (known === undefined) distinct.set(folded, { ...entry, substitutes: [] });
    else if (known.variantId === entry.variantId || known.substitutes.includes(entry.variantId)) return;
    else if (known.substitutes.length === mostSubstitutes) errors.push({ path: `codes[${i}].code`, code: 'alternatives-too-many' });
    else distinct.set(folded, { ...known, substitutes: [...known.substitutes, entry.variantId] });
  });
  if (errors.length > 0) return refuse('codes-faulty', { errors: errors.slice(0, 200), faults: errors.length });
  const kept = [...distinct.values()];
  const changed = await saveCodes(tx, networkId, kept);
  if (changed > 0) await tx.publish(lotsOf(kept).map((lot) => CodesCrossReferenced.of({ networkId, codes: lot })));
  return { ok: true, codes: kept.length, changed };
};

type Fault = { path: string; code: string };
type Entry = { readonly code: string; readonly variantId: string };

/** As many as an order's line carries. */
const mostSubstitutes = 50;

/** Each entry with its variant, undefined where a fault says why not. */
const resolved = async (tx: Tx, told: readonly ToldCode[]): Promise<{ codes: (Entry | undefined)[]; errors: Fault[] }> => {
  const gtins = told.map(({ variantId, gtin }) => (variantId === undefined && gtin !== undefined ? parseGtin(gtin) : undefined));
  const known = await variantsOfGtins(tx, gtins.flatMap((gtin) => (gtin?.ok === true ? [gtin.value] : [])));
  const errors: Fault[] = [];
  const codes = told.map(({ code, variantId, gtin }, i): Entry | undefined => {
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

/** The entries as facts tell them; a code's own are never parted, because the later fact would replace the earlier. */
const lotsOf = (codes: readonly CrossReference[]): Entry[][] => {
  const lots: Entry[][] = [];
  for (const { code, variantId, substitutes } of codes) {
    const entries = [variantId, ...substitutes].map((named) => ({ code, variantId: named }));
    const lot = lots.at(-1);
    if (lot === undefined || lot.length + entries.length > mostInAFact) lots.push(entries);
    else lot.push(...entries);
  }
  return lots;
};
