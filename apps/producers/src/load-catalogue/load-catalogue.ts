import { dayOf, foldCode, refuse, type Day, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { noRepeats, type Fault } from '../domain/faults.js';
import { offerFaults, tell, type Offer } from '../domain/offer.js';
import { mayOffer } from '../domain/producer.js';
import { productFaults, productListed, type Product } from '../domain/product.js';
import type { NewOffer } from '../publish-offer/publish-offer.js';
import { insertOffers } from '../store/offer.store.js';
import { findProducer } from '../store/producer.store.js';
import { insertProducts, takenFaults } from '../store/product.store.js';

export type CatalogueRefusal = 'producer-not-found' | 'catalogue-faulty' | 'catalogue-changed-meanwhile' | 'offer-exists';
export type CatalogueEntry = { readonly product: Product; readonly offers: readonly NewOffer[] };
export type Loaded = { readonly products: number; readonly variants: number; readonly offers: number; readonly told: number };

/** At most this many faults are listed; whoever has more mends these first. */
const mostFaults = 200;

/** Products with their offers, all or none, in a fixed number of statements however many there are. */
export const loadCatalogue = async (tx: Tx, producerId: string, entries: readonly CatalogueEntry[]): Promise<{ ok: true; loaded: Loaded } | Refused<CatalogueRefusal>> => {
  const producer = await findProducer(tx, producerId, 'for share');
  if (producer === undefined) return refuse('producer-not-found');
  const placed = entries.map(({ product }, i) => ({ product, at: `products[${i}].` }));
  const faults = [...entries.flatMap((entry, i) => entryFaults(entry, dayOf(tx.now), `products[${i}].`)), ...repeated(entries), ...(await takenFaults(tx, producerId, placed))];
  if (faults.length > 0) return refuse('catalogue-faulty', { errors: faults.slice(0, mostFaults), faults: faults.length });
  const products = entries.map(({ product }) => product);
  const untold = entries.flatMap(({ product, offers }) => offers.map(({ id, variantId, terms }): Offer => ({
    ...terms, id, producerId, productId: product.id, variantId, market: product.market, unit: product.unit, place: producer.place, state: 'open', revision: 1, told: 0 })));
  const offers = untold.map((offer) => tell(offer, mayOffer(producer)));
  if (!(await insertProducts(tx, producerId, products))) return refuse('catalogue-changed-meanwhile');
  if (offers.length > 0 && !(await insertOffers(tx, producerId, offers.map(({ state }) => state)))) return refuse('offer-exists');
  await tx.publish([...products.map(productListed), ...offers.flatMap(({ events }) => events)]);
  return { ok: true, loaded: { products: products.length, variants: products.reduce((n, { variants }) => n + variants.length, 0), offers: offers.length, told: offers.reduce((n, { events }) => n + events.length, 0) } };
};

const entryFaults = ({ product, offers }: CatalogueEntry, today: Day, at: string): Fault[] => {
  const known = new Set(product.variants.map(({ id }) => id));
  return [...productFaults(product, at), ...offers.flatMap(({ variantId, terms }, i) => [
    ...(known.has(variantId) ? [] : [{ path: `${at}offers[${i}].variantId`, code: 'variant-not-of-product' }]), ...offerFaults(terms, today, `${at}offers[${i}].`)])];
};

/** What repeats across products: inside one, productFaults has said so already. */
const repeated = (entries: readonly CatalogueEntry[]): Fault[] => {
  const faults: Fault[] = [];
  const perProduct = entries.map(({ product }, i) => ({ product, at: `products[${i}]` }));
  noRepeats(faults, perProduct, ({ product }) => product.id, (i) => `products[${i}].id`, 'id-repeated');
  const firstOf = new Map<string, number>();
  perProduct.forEach(({ product, at }, i) => product.variants.forEach(({ id, code, gtin }, j) => {
    for (const [field, key] of [['id', id], ['code', foldCode(code)], ['gtin', gtin]] as const) {
      if (key === undefined) continue;
      const first = firstOf.get(`${field}:${key}`);
      if (first === undefined) firstOf.set(`${field}:${key}`, i);
      else if (first !== i) faults.push({ path: `${at}.variants[${j}].${field}`, code: `${field}-repeated` });
    }
  }));
  return faults;
};
