import { CodesCrossReferenced, NetworkRegistered, OfferPublished, ProducerVerified, ProductListed, StoreOpened, type DataOf, type Fact, type NewFact } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty, testService, type Person, type TestApp, type TestOptions } from '@peyvand/testing';
import { orders } from '../src/index.js';

export const market = 'children-shoes';
export const onAccount = { days: 90, base: 'invoice', instrument: 'barat' } as const;
export const cash = { days: 0, base: 'invoice', instrument: 'cash' } as const;
export const warehouse = { placeId: newId(), city: 'رباط کریم', province: 'تهران', latitude: 35.48, longitude: 51.08 };
export const workshop = { placeId: newId(), city: 'هیدج', province: 'زنجان', latitude: 36.25, longitude: 49.13 };

export type Offer = DataOf<typeof OfferPublished>;

/** A network with a warehouse and one variant's code, and producers who offer that variant. Time begins on 2026-03-21. */
export type World = {
  readonly app: TestApp;
  readonly networkId: string;
  readonly variantId: string;
  readonly buyer: Person;
  readonly approver: Person;
  readonly operator: Person;
  /** Verifies a producer and publishes its offer of the variant; answers it. */
  offer(parts?: Partial<Offer>): Promise<Offer>;
  /** Another producer lists a product of one variant; answers the variant's id. */
  list(parts?: Partial<DataOf<typeof ProductListed>>): Promise<string>;
  /** The network's code names these variants, the preferred first. */
  refer(code: string, ...variantIds: string[]): Promise<void>;
  producer(sellerId: string): Person;
  deliver(...facts: (NewFact<any> | Fact<any>)[]): Promise<void>; // eslint-disable-line @typescript-eslint/no-explicit-any -- facts of several contracts
  submit(lines: object[], parts?: object): Promise<string>;
  /** The order as its buyer reads it. */
  read(orderId: string): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test states the fields it expects
  /** The producer's answer to the order's only issued match; answers the match's id. */
  answer(orderId: string, answer?: object): Promise<string>;
  names(orderId: string, matchId: string): Promise<{ orderId: string; matchId: string; buyerId: string; sellerId: string }>;
  /** Types of what was published about the order, in order. */
  told(orderId: string): Promise<string[]>;
  close(): Promise<void>;
};

export const aWorld = async (policy: Partial<DataOf<typeof NetworkRegistered>> = {}, options: TestOptions = { broker: 'embedded' }): Promise<World> => {
  const app = await testService(orders, options);
  const [networkId, variantId, productId, listedBy] = [aParty(), newId(), newId(), aParty()];
  const deliver = async (...facts: (NewFact | Fact)[]): Promise<void> => {
    await app.deliver(facts);
    await app.settle();
  };
  await deliver(
    NetworkRegistered.of({ networkId, costOfFunds: [{ from: '2026-03-01', rate: 2300 }], automaticAwardUpTo: '50000000000', revision: 1, ...policy }),
    StoreOpened.of({ networkId, place: warehouse, kind: 'distribution-centre', code: 'DC-01' }),
    ProductListed.of({
      productId, producerId: listedBy, market, title: { fa: 'کتانی', en: 'Sneakers' }, unit: 'PR', vatCategory: 'standard', weightGrams: 450, variants: [{ variantId, code: 'SNK-30' }], packs: [],
    }),
    CodesCrossReferenced.of({ networkId, codes: [{ code: 'NRV-1', variantId }] }),
  );
  const buyer = app.as({ party: networkId, roles: ['buyer'] });
  let po = 0;
  const read = async (orderId: string) => (await buyer.get(`/api/orders/${orderId}`)).body;
  return {
    app, networkId, variantId, buyer, deliver,
    approver: app.as({ party: networkId, roles: ['approver'] }),
    operator: app.as({ party: aParty(), roles: ['operator'] }),
    list: async (parts = {}) => {
      const id = newId();
      await deliver(ProductListed.of({
        productId: newId(), producerId: aParty(), market, title: { fa: 'کتانی دیگر', en: 'Other sneakers' }, unit: 'PR', vatCategory: 'standard', weightGrams: 450, packs: [],
        variants: [{ variantId: id, code: `OTH-${id.slice(-4)}` }], ...parts,
      }));
      return id;
    },
    refer: (code, ...variantIds) => deliver(CodesCrossReferenced.of({ networkId, codes: variantIds.map((one) => ({ code, variantId: one })) })),
    producer: (sellerId) => app.as({ party: sellerId, roles: ['producer'] }),
    offer: async (parts = {}) => {
      const offer: Offer = {
        offerId: newId(), producerId: aParty(), productId, variantId, market, unit: 'PR', capacity: 1_000, minimum: 1, lot: 1, leadDays: 7, from: '2026-03-01', until: '2026-12-20', grade: 'A', revision: 1,
        place: workshop, prices: [{ terms: onAccount, price: { amount: '4150000', per: 1 }, validUntil: '2026-12-20' }], ...parts,
      };
      await deliver(ProducerVerified.of({ producerId: offer.producerId, licence: 'guild', validUntil: '2028-03-19' }), OfferPublished.of(offer));
      return offer;
    },
    submit: async (lines, parts = {}) => {
      const { status, body } = await buyer.post('/api/orders', { poNumber: `PO-${++po}`, lines: lines.map((line) => ({ code: 'NRV-1', quantity: 100, shipTo: 'DC-01', neededBy: '2026-06-01', ...line })), ...parts });
      if (status !== 201) throw new Error(`The order was refused: ${JSON.stringify(body)}`);
      await app.settle();
      return body.orderId as string;
    },
    read,
    answer: async (orderId, answer = { answer: 'accept' }) => {
      const match = (await read(orderId)).matches.find(({ state }: { state: string }) => state === 'issued');
      const { status, body } = await app.as({ party: match.sellerId, roles: ['producer'] }).post(`/api/orders/matches/${match.matchId}/answer`, answer);
      if (status !== 200) throw new Error(`The answer was refused: ${JSON.stringify(body)}`);
      await app.settle();
      return match.matchId as string;
    },
    names: async (orderId, matchId) => {
      const match = (await read(orderId)).matches.find((one: { matchId: string }) => one.matchId === matchId);
      return { orderId, matchId, buyerId: networkId, sellerId: match.sellerId as string };
    },
    told: async (orderId) => (await app.facts()).filter((fact) => fact.key === orderId).map((fact) => fact.type.split('.')[3] ?? ''),
    close: async () => {
      const parked = await app.parked();
      await app.close();
      if (parked.length > 0) throw new Error(`Something gave up: ${JSON.stringify(parked)}`);
    },
  };
};
