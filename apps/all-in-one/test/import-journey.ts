import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import { day, formatJalali, persianDigits } from '@peyvand/kernel';
import { parse } from 'csv-parse/sync';
import { each, peopleOf, until, type People, type Person } from './api.js';
import { ledgerIsEven } from './hero-journey.js';
import { dayIn, parkedIn, settled, type Platform } from './platform.js';
import { makers, partyId } from './world.js';

type Product = { readonly variants: readonly { readonly code: string }[] };
type Supply = {
  readonly stores: readonly { readonly code: string }[];
  readonly producers: readonly { readonly catalogues: readonly { readonly products: readonly Product[] }[] }[];
  readonly codes: readonly { readonly codes: readonly { readonly code: string }[] }[];
};
// A tool and not a package: found by its address.
const { supplyForRetailFile } = await import(new URL('../../../tools/supply-for-retail-file.mjs', import.meta.url).href) as { supplyForRetailFile(options: object): Supply };

const retailFile = new URL('../../../data/retail-order-lines-2011-09.csv.gz', import.meta.url);
/** The first invoices' day. */
const fileStart = '2011-09-01';

type Row = { readonly InvoiceNo: string; readonly StockCode: string; readonly Quantity: string; readonly UnitPrice: string; readonly CustomerID: string };
export type Slice = { readonly text: string; readonly rows: number; readonly stores: ReadonlySet<string>; readonly codes: ReadonlySet<string>; readonly orders: number; readonly lines: number; readonly quantity: number };

/** The first rows of the carried month of order lines, and what an import must make of them, counted here once more. */
export const retailSlice = (rows: number): Slice => {
  const [header, ...lines] = gunzipSync(readFileSync(retailFile)).toString().trimEnd().split('\n').slice(0, rows + 1);
  const text = `${[header, ...lines].join('\n')}\n`;
  const good = (parse(text, { columns: true }) as Row[]).filter(({ InvoiceNo, StockCode, Quantity, UnitPrice, CustomerID }) =>
    CustomerID !== '' && !/^c/i.test(InvoiceNo) && Number(Quantity) > 0 && Number(UnitPrice) > 0 && /^\d{5}[a-z]{0,2}$/i.test(StockCode));
  return {
    text, rows: lines.length, stores: new Set(good.map(({ CustomerID }) => CustomerID.replace(/\.0+$/, ''))), codes: new Set(good.map(({ StockCode }) => StockCode)),
    orders: new Set(good.map(({ InvoiceNo }) => InvoiceNo)).size, lines: good.length, quantity: good.reduce((sum, { Quantity }) => sum + Number(Quantity), 0),
  };
};

/** Stores, products, offers and codes for the slice, made through the public API. */
export const registerSupply = async (platform: Platform, slice: Slice): Promise<void> => {
  const as = peopleOf(platform.url);
  const supply = supplyForRetailFile({ from: '2026-08-23', until: '2027-06-20', producers: makers.map(({ n }) => ({ id: partyId(n) })), coverage: 0.8 });
  const stores = supply.stores.filter(({ code }) => slice.stores.has(code));
  await Promise.all([
    each(stores, (store) => as('mehrayin.buyer').wantPost('/api/retailers/places', store)),
    each([...supply.producers.entries()], ([at, { catalogues }]) => each(catalogues, ({ products }) =>
      as(`${makers[at]?.user}.producer`).wantPost('/api/producers/catalogue', { products: products.filter(({ variants: [variant] }) => slice.codes.has(variant?.code ?? '')) }))),
  ]);
  // The buyer's service must have heard of the products before it can take codes for them.
  await settled(platform);
  for (const { codes } of supply.codes) await as('mehrayin.buyer').wantPost('/api/retailers/codes', { codes: codes.filter(({ code }) => slice.codes.has(code)) });
  await settled(platform);
};

/** A small file of our own format: looked at first, then submitted, then refused nothing the second time. */
export const smallImportJourney = async (platform: Platform): Promise<void> => {
  const buyer = peopleOf(platform.url)('narvan.buyer');
  const neededBy = await dayIn(platform, 30);
  const jalali = persianDigits(formatJalali(day(neededBy)));
  const file = `شماره سفارش,کد کالا,تعداد,محل تحویل,تاریخ نیاز,شرایط پرداخت\nن-۱,NRV-SNK,۱۲۰,DC-01,${jalali},برات ۹۰ روز\nن-۱,NRV-BAG,۴۰,DC-01,${jalali},برات ۹۰ روز\nن-۲,NRV-SNK,۶۰,DC-01,${neededBy},\n`;
  const preview = await ended(buyer, await buyer.upload('/api/orders/import?mode=preview', file));
  expect(preview).toMatchObject({ state: 'done', rows: { read: 3, valid: 3 }, orders: { found: 2, submitted: 0 } });
  const committed = await ended(buyer, await buyer.upload('/api/orders/import?mode=commit', file));
  expect(committed).toMatchObject({ state: 'done', orders: { submitted: 2 }, quantity: { submitted: 220 } });
  expect((await buyer.upload('/api/orders/import?mode=commit', file)).body).toMatchObject({ importId: committed.importId, repeated: true });
  const faulty = await ended(buyer, await buyer.upload('/api/orders/import?mode=commit', `${file}ن-۳,NRV-NONE,-4,NOWHERE,1405/13/01,\n`));
  expect(faulty).toMatchObject({ state: 'failed', reason: 'has-faults', orders: { submitted: 0 } });
  expect((await buyer.want(`/api/orders/imports/${faulty.importId}/faults`)).items.map(({ row, code }: { row: number; code: string }) => `${row} ${code}`)).toEqual(
    expect.arrayContaining(['5 not-a-quantity', '5 not-a-date']));
};

/** What happens while the orders of the file are being submitted, and while what the producers accepted is being secured and planned. */
type Interruptions = { readonly submitting?: () => Promise<void>; readonly carryingOn?: () => Promise<void> };

/**
 * Imports the slice, lets every producer accept, and reconciles: the file, the orders, the offers, the shipments and the limits tell the
 * same quantities.
 */
export const retailImportJourney = async (platform: Platform, slice: Slice, { submitting, carryingOn }: Interruptions = {}): Promise<void> => {
  const as = peopleOf(platform.url);
  const before = await quietTotals(platform, as);
  const buyer = as('mehrayin.buyer');
  const dateShiftDays = (Date.parse(await dayIn(platform, 1)) - Date.parse(fileStart)) / 86_400_000;
  const reply = await buyer.upload(`/api/orders/import?mode=commit&profile=uci-retail&rate=1200000&dateShiftDays=${dateShiftDays}`, slice.text);
  if (submitting !== undefined) {
    await until('the orders of the file begin to be submitted', async () => (['committing', 'done'].includes((await buyer.want(`/api/orders/imports/${reply.body.importId}`)).state) ? true : undefined));
    await submitting();
  }
  expect(await ended(buyer, reply)).toMatchObject({
    state: 'done', rows: { read: slice.rows, valid: slice.lines, faulty: slice.rows - slice.lines }, orders: { submitted: slice.orders }, lines: { submitted: slice.lines }, quantity: { submitted: slice.quantity },
  });
  const matched = await quietTotals(platform, as);
  const grown = (field: 'ordered' | 'lines') => Number(matched[field]) - Number(before[field]);
  expect([grown('lines'), grown('ordered')]).toEqual([slice.lines, slice.quantity]);
  expect(Number(matched.unmatched)).toBeGreaterThan(Number(before.unmatched)); // the supply falls short of the demand
  const accepted = await acceptAll(as);
  await carryingOn?.();
  const agreed = await quietTotals(platform, as);
  expect({ matched: agreed.matched, rials: agreed.agreedRials }).toEqual({ matched: matched.matched, rials: matched.matchedRials });
  await shipmentsAgree(as, accepted);
  await limitsAgree(as, accepted);
  await ledgerIsEven(as);
  expect(await parkedIn(platform)).toEqual({});
  await report(buyer, reply.body.importId, { before, agreed, matches: accepted.length });
};

type Totals = Awaited<ReturnType<typeof quietTotals>>;

/** What became of the file, for whoever reads the log. */
const report = async (buyer: Person, importId: string, { before, agreed, matches }: { before: Totals; agreed: Totals; matches: number }): Promise<void> => {
  const faults = new Map<string, number>();
  for (const { code } of await all<{ code: string }>(buyer, `/api/orders/imports/${importId}/faults?`)) faults.set(code, (faults.get(code) ?? 0) + 1);
  const { rows, orders, lines, quantity } = await buyer.want(`/api/orders/imports/${importId}`);
  const grown = (field: keyof Totals): string => (BigInt(agreed[field]) - BigInt(before[field])).toLocaleString('en');
  process.stdout.write(`
the file: ${rows.read} rows read, ${rows.valid} taken, ${rows.faulty} refused (${[...faults].map(([code, count]) => `${code} ${count}`).join(', ')})
          ${orders.submitted} orders of ${lines.submitted} lines and ${quantity.submitted} units = ${grown('matched')} matched + ${grown('unmatched')} unmatched; ${matches} matches
          ${grown('agreedRials')} rials agreed, committed ${agreed.committed} of ${agreed.offered} units offered, oversold ${agreed.oversold}, ledger even, nothing parked
`);
};

const ended = (buyer: Person, { status, body }: { status: number; body: { importId: string } }) => {
  expect([status, body]).toEqual([202, expect.objectContaining({ importId: expect.any(String) })]);
  return until(`import ${body.importId} ends`, async () => {
    const now = await buyer.want(`/api/orders/imports/${body.importId}`);
    return ['done', 'failed', 'cut'].includes(now.state) ? now : undefined;
  }, patienceMs);
};

/** For tens of thousands of lines on two busy cores, with services killed in between. */
const patienceMs = 300_000;

/** Totals once nothing is on its way; every time, what is ordered is accounted for and no offer is committed beyond what it offers. */
const quietTotals = async (platform: Platform, as: People) => {
  await settled(platform, patienceMs);
  const totals = await as('operator').want('/api/orders/totals');
  const sum = ['matched', 'waiting', 'unmatched', 'cancelled'].reduce((all, field) => all + Number(totals[field]), 0);
  expect([totals.queued, totals.oversold, totals.waiting, sum, totals.committed]).toEqual([0, 0, '0', Number(totals.ordered), totals.matched]);
  return totals;
};

type Match = { readonly matchId: string; readonly buyerId: string; readonly sellerId: string; readonly state: string; readonly terms: { readonly instrument: string }; readonly lines: readonly { readonly quantity: number }[] };

const answersAtOnce = 200;

/** Every producer accepts what was issued to it; answers those of the import. */
const acceptAll = async (as: People): Promise<Match[]> => {
  const answered: Match[] = [];
  await Promise.all(makers.map(async ({ user }) => {
    const issued = (await all<Match>(as(`${user}.producer`), '/api/orders/matches?status=issued')).filter(({ sellerId, buyerId }) => sellerId !== buyerId);
    for (let at = 0; at < issued.length; at += answersAtOnce) {
      await as(`${user}.producer`).wantPost('/api/orders/matches/answers', { answers: issued.slice(at, at + answersAtOnce).map(({ matchId }) => ({ matchId, answer: 'accept' })) });
    }
    answered.push(...issued);
  }));
  expect(answered.length).toBeGreaterThan(0);
  return answered;
};

/** One shipment per match, allowed to leave, with the quantity of the match. */
const shipmentsAgree = async (as: People, accepted: readonly Match[]): Promise<void> => {
  const planned = (await Promise.all(makers.map(({ user }) => all<{ matchId: string; secured: boolean; lines: { quantity: number }[] }>(as(`${user}.producer`), '/api/delivery/shipments?status=planned')))).flat();
  const loads = (items: readonly { matchId: string; lines: readonly { quantity: number }[] }[]) =>
    items.map(({ matchId, lines }) => `${matchId} ${lines.reduce((sum, { quantity }) => sum + quantity, 0)}`).sort();
  expect(planned.filter(({ secured }) => !secured)).toEqual([]);
  expect(loads(planned)).toEqual(loads(accepted));
};

/** Every match is secured, and each funder's limits carry just what the facts told it was reserved and not released. */
const limitsAgree = async (as: People, accepted: readonly Match[]): Promise<void> => {
  const secured = (await Promise.all(makers.map(({ user }) => all<Match>(as(`${user}.producer`), '/api/orders/matches?status=secured')))).flat();
  expect(secured.map(({ matchId }) => matchId).sort()).toEqual(accepted.map(({ matchId }) => matchId).sort());
  const taken = await Promise.all(['ayineh', 'resaleh', 'pezhvak'].map(async (user) => {
    const { items } = await as(`${user}.funder`).want('/api/financing/limits');
    return items.map((limit: { limitId: string; taken: string }) => [limit.limitId, BigInt(limit.taken)]).sort();
  }));
  const told = await Promise.all(['ayineh', 'resaleh', 'pezhvak'].map(async (user, at) => {
    const sums = new Map((taken[at] as [string, bigint][]).map(([limitId]) => [limitId, 0n]));
    for (const { type, data } of await feed(as(`${user}.funder`), 'LimitReserved', 'LimitReleased')) {
      sums.set(data.limitId, (sums.get(data.limitId) ?? 0n) + BigInt(data.amount) * (type.includes('LimitReserved') ? 1n : -1n));
    }
    return [...sums].sort();
  }));
  expect(told).toEqual(taken);
  expect(taken.flat().some(([, amount]) => amount > 0n)).toBe(true);
};

type Reservation = { readonly type: string; readonly data: { readonly limitId: string; readonly amount: string } };

const feed = async (person: Person, ...names: readonly string[]): Promise<Reservation[]> => {
  const items: Reservation[] = [];
  for (let after = '', more = true; more;) {
    const types = names.map((name) => `ir.peyvand.financing.${name}.v1`).join();
    const page: { items: Reservation[]; next: string } = await person.want(`/api/events?types=${types}&limit=200${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`);
    items.push(...page.items);
    more = page.items.length > 0;
    after = page.next;
  }
  return items;
};

const all = async <T>(person: Person, path: string): Promise<T[]> => {
  const items: T[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const page: { items: T[]; next?: string } = await person.want(`${path}&limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
};
