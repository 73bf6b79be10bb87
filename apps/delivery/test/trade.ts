import { MatchMade, MatchSecured, ProductListed, PurchaseOrderAccepted, type DataOf } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import type { Person, TestApp, TestOptions } from '@peyvand/testing';
import { aParty, testService } from '@peyvand/testing';
import { delivery } from '../src/delivery.module.js';

// Test data for slices: a trade of the hero story's size, brought to the state a spec begins in.
export type Match = DataOf<typeof MatchMade>;
export type Trade = {
  readonly match: Match;
  readonly lineId: string;
  readonly shipmentId: string;
  readonly seller: Person;
  readonly carrier: Person;
  readonly storekeeper: Person;
  readonly maker: Person;
  readonly checker: Person;
};

export type Given = { readonly app: TestApp; readonly operator: Person; readonly carrierId: string };

/** The service with simulators and a patience of ten days unless told otherwise, and one registered carrier. */
export const startDelivery = async (options: TestOptions = {}, env: Readonly<Record<string, string>> = {}): Promise<Given> => {
  Object.assign(process.env, { DEMO: 'true', DELIVERY_GRACE_DAYS: '10', DELIVERY_TAX: '', ...env });
  const app = await testService(delivery, { start: '2026-09-13T05:00:00Z', ...options });
  const operator = app.as({ party: aParty(), roles: ['operator'] });
  const { body } = await operator.post('/api/delivery/carriers', { name: 'ترابری راه‌ابریشم زنجان' });
  return { app, operator, carrierId: body.carrierId };
};

export const freshMatch = (over: Partial<Match> = {}): Match => {
  const [line] = MatchMade.sample.lines;
  if (line === undefined) throw new Error('The sample match has no line');
  return {
    ...MatchMade.sample, orderId: newId(), matchId: newId(), buyerId: aParty(), sellerId: aParty(),
    shipTo: { ...MatchMade.sample.shipTo, placeId: newId() }, lines: [{ ...line, lineId: newId(), variantId: newId() }], ...over,
  };
};

/** Both sides agreed and the match is secured: one planned shipment waits. */
export const securedTrade = async ({ app, carrierId }: Given, over: Partial<Match> = {}): Promise<Trade> => {
  const match = freshMatch(over);
  const { orderId, matchId, buyerId, sellerId } = match;
  const variants = match.lines.map(({ variantId }) => ({ variantId, code: 'GMK-SNK-30' }));
  await app.deliver(ProductListed.of({ ...ProductListed.sample, productId: newId(), producerId: sellerId, variants }));
  await app.deliver([MatchMade.of(match), PurchaseOrderAccepted.of(match), MatchSecured.of({ orderId, matchId, buyerId, sellerId, by: 'funder-limit' })]);
  const [row] = await app.sql<{ shipment_id: string }>('select shipment_id from shipments where match_id = $1', [matchId]);
  return {
    match, lineId: match.lines[0]?.lineId ?? '', shipmentId: row?.shipment_id ?? '',
    seller: app.as({ party: sellerId, roles: ['producer'] }),
    carrier: app.as({ party: carrierId, roles: ['carrier'] }),
    storekeeper: app.as({ party: buyerId, roles: ['storekeeper'], subject: 'storekeeper' }),
    maker: app.as({ party: buyerId, roles: ['buyer'], subject: 'maker' }),
    checker: app.as({ party: buyerId, roles: ['approver'], subject: 'checker' }),
  };
};

/** The seller dispatches all of it and the code reaches the storekeeper's phone. */
export const dispatchedTrade = async (given: Given, over: Partial<Match> = {}): Promise<Trade & { code: string }> => {
  const trade = await securedTrade(given, over);
  await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/dispatch`, { waybill: '1405-88213' });
  return { ...trade, code: await codeOf(given.app, trade) };
};

/** Dispatched and counted: 24 short, 16 rejected, 960 accepted. */
export const receivedTrade = async (given: Given, over: Partial<Match> = {}): Promise<Trade & { code: string }> => {
  const trade = await dispatchedTrade(given, over);
  await trade.storekeeper.post(`/api/delivery/shipments/${trade.shipmentId}/receipt`, { code: trade.code, lines: heroCount(trade.lineId) });
  return trade;
};

export const heroCount = (lineId: string) => [{ lineId, received: 976, rejected: 16, reason: 'stitching' }];

/** The last code sent for a shipment, read from the simulated phone. */
export const codeOf = async (app: TestApp, { match, shipmentId }: Pick<Trade, 'match' | 'shipmentId'>): Promise<string> => {
  await app.settle();
  const { body } = await app.as().get(`/api/delivery/demo/sms?to=${match.shipTo.placeId}`);
  return (body.items as { code: string; shipmentId: string }[]).find((message) => message.shipmentId === shipmentId)?.code ?? '';
};

/** Six digits that are not the code. */
export const wrongCode = (code: string): string => (code === '000000' ? '000001' : '000000');

/** Invoiced by hand as it should be, and told to the tax system. */
export const invoicedTrade = async (given: Given, over: Partial<Match> = {}, received?: Trade): Promise<Trade & { invoiceId: string }> => {
  const trade = received ?? (await receivedTrade(given, over));
  const { body } = await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/invoice`, { invoiceNumber: `GMK-${newId()}` });
  await given.app.settle();
  return { ...trade, invoiceId: body.invoiceId };
};

/** Invoiced and approved by two persons. */
export const approvedTrade = async (given: Given, over: Partial<Match> = {}): Promise<Trade & { invoiceId: string }> => {
  const trade = await invoicedTrade(given, over);
  for (const person of [trade.maker, trade.checker]) await person.post(`/api/delivery/invoices/${trade.invoiceId}/approve`);
  return trade;
};

/** The operator records the seller's fiscal memory, and what waited for it goes out. */
export const giveMemory = async ({ app, operator }: Given, sellerId: string, memoryId: string): Promise<void> => {
  await operator.post('/api/delivery/tax-standings', { sellerId, from: '2022-01-03', registered: true, memoryId });
  await app.settle();
};

export const behaveTax = ({ operator }: Given, mood: object) => operator.put('/api/delivery/demo/tax', mood);

/** The tax side of an invoice, as its party sees it. */
export const taxOf = async (person: Person, invoiceId: string): Promise<{ taxId: string; tax: { state: string; reason?: string; reactBy?: string } }> => {
  const { taxId, tax } = (await person.get(`/api/delivery/invoices/${invoiceId}`)).body;
  return { taxId, tax };
};
