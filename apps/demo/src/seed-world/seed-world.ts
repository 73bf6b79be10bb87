import { Refusal } from '../api/api.js';
import type { Cast } from '../actors/cast.js';
import { slotsOf } from '../actors/slots.js';
import type { Log } from '../actors/work.js';
import { articlesOf, offerIdOf, products, quotes, type Product } from '../world/goods.js';
import { carrier, demoId, funderKeys, funders, networkKeys, networks, numberOf, parks, producerKeys, producers, type ProducerKey } from '../world/parties.js';
import { storesOf, type City } from '../world/places.js';
import { giveWords, type Send } from './give-words.js';

/** Long past every run of the demo: two business days pass a second. */
const farAway = '2099-12-29';

export type Seed = { readonly cast: Cast; readonly cities: readonly City[]; readonly today: string; readonly log: Log };

/**
 * Makes the demo's world through the public API. Ids and keys are fixed, so a second run changes nothing and a run that was cut is
 * simply taken up again.
 */
export const seedWorld = async ({ cast, cities, today, log }: Seed): Promise<void> => {
  const slots = slotsOf(6);
  const send: Send = <T>(user: string, method: 'POST' | 'PUT', path: string, body: unknown, key: string) => slots(() => tolerant(() => cast(user).send<T>(method, path, body, `seed-${key}`)));
  const post = async (user: string, path: string, body: unknown, key: string): Promise<void> => void (await send(user, 'POST', path, body, key));
  const operator = (path: string, body: unknown, key: string): Promise<void> => post('operator', path, body, key);

  await Promise.all(parks.map((park) => operator('/api/producers/parks', park, `park-${park.id}`)));
  await Promise.all([
    ...networkKeys.map((key) => operator('/api/retailers', { id: networks[key].id, name: networks[key].name, nationalId: networks[key].nationalId, costOfFunds: [{ from: '2026-03-21', rate: 2300 }], automaticAwardUpTo: '3000000000' }, key)),
    ...producerKeys.map((key) => operator('/api/producers', registration(key), key)),
    ...funderKeys.map((key) => operator('/api/financing/funders', { id: funders[key].id, kind: funders[key].kind, name: funders[key].name.fa, sheba: funders[key].sheba }, key)),
    operator('/api/delivery/carriers', { id: carrier.id, name: carrier.name.fa }, 'carrier'),
  ]);
  log('info', 'demo: firms, funders and the carrier are registered');
  await Promise.all([
    ...producerKeys.flatMap((key) => [
      post(`${key}.producer`, `/api/producers/${producers[key].id}/licences`, { kind: producers[key].licence, number: `${numberOf(producers[key].id)}-1405`, validUntil: key === 'aban' ? '2026-08-25' : farAway }, `licence-${key}`),
      // One by one: a data folder of an earlier demo gets what is new.
      ...products.filter((product) => product.producer === key).map((product) => post(`${key}.producer`, '/api/producers/catalogue', { products: [entry(product, today)] }, `product-${product.code}`)),
      post(`${key}.producer`, '/api/financing/accounts', { sheba: producers[key].sheba }, `account-${key}`),
      operator('/api/delivery/tax-standings', { sellerId: producers[key].id, from: '2022-01-03', registered: true, memoryId: `A00${numberOf(producers[key].id)}` }, `tax-memory-${key}`),
      operator('/api/financing/mandates', { partyId: producers[key].id, subject: seat(numberOf(producers[key].id), 1), ceiling: '100000000000', validUntil: farAway }, `mandate-${key}`),
    ]),
    ...networkKeys.flatMap((key) => [
      ...storesOf(key, cities).map(({ place: { placeId, ...where }, ...store }) => post(`${key}.buyer`, '/api/retailers/places', { id: placeId, ...store, ...where }, `place-${placeId}`)),
      operator('/api/financing/mandates', { partyId: networks[key].id, subject: seat(numberOf(networks[key].id), 4), ceiling: '500000000000', validUntil: farAway }, `mandate-${key}`),
      ...people(key).map(({ subject, name, role }) => operator('/api/retailers/buyers', { networkId: networks[key].id, subject, name, roles: [role] }, `person-${subject}`)),
    ]),
    ...limits(post),
  ]);
  await giveWords(send);
  // After the places and products: codes and the storekeepers' telephones point at them.
  await Promise.all(networkKeys.flatMap((key) => [
    post(`${key}.buyer`, '/api/retailers/codes', { codes: articlesOf(key).flatMap(({ code, variantIds }) => variantIds.map((variantId) => ({ code, variantId }))) }, `articles-${key}`),
    ...storesOf(key, cities).map(({ place }, at) => post(`${key}.storekeeper`, '/api/delivery/contacts', { placeId: place.placeId, phone: `0912${String(numberOf(networks[key].id)).padStart(3, '0')}${String(at).padStart(4, '0')}` }, `contact-${place.placeId}`)),
  ]));
  await Promise.all(producerKeys.map((key) => post(`${key}.producer`, '/api/delivery/contacts', { placeId: producers[key].place.placeId, phone: `0914${String(numberOf(producers[key].id)).padStart(7, '0')}` }, `contact-${key}`)));
  log('info', 'demo: licences, offers, stores, codes and limits stand');
};

/** The subject of a demo user: the party's number and the seat. */
const seat = (party: number, n: number): string => demoId('9000', party * 100 + n);

const registration = (key: ProducerKey) => {
  const { id, kind, name, nationalId, sheba, place, site, small } = producers[key];
  const parkId = 'parkId' in producers[key] ? (producers[key] as { parkId: string }).parkId : undefined;
  return { id, kind, name, nationalId, sheba, place, site, small, ...(parkId === undefined ? {} : { parkId }) };
};

const entry = (product: Product, today: string) => ({
  id: product.id, market: product.market, title: product.title, unit: product.unit, vatCategory: 'standard', weightGrams: product.weightGrams,
  variants: product.variants,
  offers: product.variants.map(({ id }) => ({ id: offerIdOf(id), variantId: id, ...offerTerms(product, today) })),
});

/** An offer of half the idle capacity of a year; the producer renews it as time goes on. */
export const offerTerms = (product: Product, today: string) => {
  const until = plusDays(today, 240);
  return { capacity: Math.ceil(product.idle / product.variants.length), minimum: product.minimum, lot: 1, leadDays: product.leadDays, from: today, until, grade: product.grade, prices: quotes(product, until) };
};

export const plusDays = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const seats = [['buyer', 'مسئول خرید'], ['approver', 'مدیر بازرگانی'], ['storekeeper', 'انباردار'], ['signatory', 'صاحب امضا']] as const;
const people = (key: (typeof networkKeys)[number]) => seats.map(([role, title], n) => ({ role, subject: seat(numberOf(networks[key].id), n + 1), name: `${title} ${networks[key].name.fa}` }));

/** Every funder carries every chain, in its own measure; two carry the shoemaker that buys leather; one tannery trusts it as well. */
const limits = (post: (user: string, path: string, body: unknown, key: string) => Promise<void>): Promise<void>[] => [
  ...funderKeys.flatMap((funder, f) => networkKeys.map((network, n) =>
    post(`${funder}.funder`, '/api/financing/limits', { debtorId: networks[network].id, amount: String(BigInt(900 - 150 * f - 50 * n) * 1_000_000_000n), validUntil: farAway }, `limit-${funder}-${network}`))),
  ...(['ayineh', 'pezhvak'] as const).map((funder) => post(`${funder}.funder`, '/api/financing/limits', { debtorId: producers.gamak.id, amount: '60000000000', validUntil: farAway }, `limit-${funder}-gamak`)),
  post('azargoun.producer', '/api/financing/limits', { debtorId: producers.gamak.id, amount: '20000000000', validUntil: farAway }, 'limit-azargoun-gamak'),
];

/** Made on an earlier run: that is what was wanted. Anything else is retried a few times while services catch up with each other. */
const tolerant = async <T>(send: () => Promise<T>): Promise<T | undefined> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (error instanceof Refusal && ((error.status === 409 && !error.type.includes('in-flight')) || error.type === 'idempotency-key-reused')) return undefined;
      if (attempt >= 8 || (error instanceof Refusal && error.status < 429 && ![401, 404, 409, 422].includes(error.status))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 150 * attempt));
    }
  }
};
