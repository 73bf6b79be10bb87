import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildTaxId, day, newId } from '@peyvand/kernel';
import { FileTax } from './file-tax.js';
import type { TaxInvoice } from './tax-system.js';

describe('the tax system by file', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'tax-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const invoice = (serial: number): TaxInvoice => ({
    taxId: buildTaxId({ memory: 'GMK001', on: day('2026-09-13'), serial }), subject: 'original', invoiceNumber: `GMK-${serial}`, issuedOn: day('2026-09-13'), sellerId: newId(), buyerId: newId(),
    lines: [{ variantId: newId(), quantity: 960, price: { amount: '4150000', per: 1 }, amount: '3984000000', vatRate: 1000, vat: '398400000' }], goods: '3984000000', vat: '398400000', gross: '4382400000',
  });
  const files = async () => (await readdir(join(folder, 'out'))).sort();
  const lines = async (name: string) => (await readFile(join(folder, 'out', name), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
  const answer = async (name: string, text: string) => {
    await mkdir(join(folder, 'answers'), { recursive: true });
    await writeFile(join(folder, 'answers', name), text);
  };

  it('writes a batch as one whole file, each document once, also after a restart', async () => {
    const [one, two, three] = [invoice(1), invoice(2), invoice(3)];
    const tax = new FileTax(folder);
    expect(await tax.sendMany([one, two])).toEqual([]);
    await tax.sendMany([two, three]);
    await new FileTax(folder).sendMany([one, three]);
    const names = await files();
    expect(names).toEqual([expect.stringMatching(/^documents-.*\.jsonl$/), expect.stringMatching(/^documents-.*\.jsonl$/)]);
    expect((await Promise.all(names.map(lines))).flat()).toEqual([one, two, three]);
  });

  it('writes the buyer’s word', async () => {
    await new FileTax(folder).react({ taxId: invoice(1).taxId, reaction: 'rejected', reason: 'قیمت' });
    expect(await lines((await files())[0] ?? '')).toEqual([{ taxId: invoice(1).taxId, reaction: 'rejected', reason: 'قیمت' }]);
  });

  it('reads answers in the order of their files, again and again', async () => {
    const { taxId } = invoice(1);
    expect(await new FileTax(folder).news()).toEqual([]);
    await answer('2026-10-02.jsonl', `\ufeff{"taxId":"${taxId}","outcome":"registered","on":"2026-09-14","reaction":"rejected","reason":"price"}\n`);
    await answer('2026-09-14.jsonl', `{"taxId":"${taxId}","outcome":"registered","on":"2026-09-14"}\n\n{"taxId":"?","outcome":"refused","reason":"0100604"}\n`);
    await answer('readme.txt', 'not ours');
    const news = [{ taxId, outcome: 'registered', on: '2026-09-14' }, { taxId: '?', outcome: 'refused', reason: '0100604' }, { taxId, outcome: 'registered', on: '2026-09-14', reaction: 'rejected', reason: 'price' }];
    const tax = new FileTax(folder);
    expect([await tax.news(), await tax.news()]).toEqual([news, news]);
  });

  it('leaves a file that is not whole until it is', async () => {
    const line = `{"taxId":"${invoice(1).taxId}","outcome":"registered","on":"2026-09-14"}`;
    await answer('a.jsonl', `${line}\n${line.slice(0, 20)}`);
    await answer('.b.jsonl', `${line}\n`);
    await answer('c.jsonl.part', `${line}\n`);
    expect(await new FileTax(folder).news()).toEqual([]);
    await answer('a.jsonl', `${line}\n${line}\n`);
    expect(await new FileTax(folder).news()).toHaveLength(2);
  });

  it.each(['{"taxId":"x","outcome":"registered","on":"soon"}', '{"taxId":"x","outcome":"maybe"}', 'taxId,outcome', '{"outcome":"refused","reason":"no"}'])('names the file of a line that is no answer: %s', async (line) => {
    await answer('bad.jsonl', `${line}\n`);
    await expect(new FileTax(folder).news()).rejects.toThrow('bad.jsonl');
  });
});
