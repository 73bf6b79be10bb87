import { readFile } from 'node:fs/promises';
import { foldCode, isDay, compactCode, parseJalali, type Day } from '@peyvand/kernel';
import { parse } from 'csv-parse/sync';
import type { IssuerAnswer } from '../domain/licence.js';
import { LicenceAuthority, type LicenceQuestion } from './licence-authority.js';

type Row = { readonly kind: string; readonly number: string; readonly nationalId: string; readonly validUntil: string; readonly status: string };

/**
 * Answers from the issuer's own list: a CSV with the columns kind, number, nationalId, validUntil (ISO or Jalali), status
 * ('active' or anything else). It is read at every question: a new list replaces the old without a restart.
 */
export class FileAuthority extends LicenceAuthority {
  constructor(private readonly path: string) {
    super();
  }

  override async ask({ kind, number, nationalId }: LicenceQuestion): Promise<readonly IssuerAnswer[]> {
    const rows = parse(await readFile(this.path, 'utf8'), { columns: true, bom: true, trim: true, skip_empty_lines: true }) as Row[];
    const row = rows.find((candidate) => candidate.kind === kind && foldCode(candidate.number) === foldCode(number));
    if (row === undefined) return [{ answer: 'refused', reason: 'unknown-number' }];
    if (compactCode(row.nationalId) !== nationalId) return [{ answer: 'refused', reason: 'other-holder' }];
    if (row.status !== 'active') return [{ answer: 'refused', reason: 'not-active' }];
    return [{ answer: 'confirmed', validUntil: dayIn(row) }];
  }
}

// A bad date is the list's fault and not the producer's: throwing keeps the question open until the list is mended.
const dayIn = ({ number, validUntil }: Row): Day => {
  if (isDay(validUntil)) return validUntil as Day;
  const jalali = parseJalali(validUntil);
  if (!jalali.ok) throw new Error(`The list of licences has no date for ${number}: ${validUntil}`);
  return jalali.value;
};
