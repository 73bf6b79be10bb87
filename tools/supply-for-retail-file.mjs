// Makes a supply side for data/retail-order-lines-2011-09.csv.gz, which has only demand: stores, producers with products and offers, and the
// buyer's code table, as JSON bodies of the public routes. Two or three producers make each article, at other prices, places and capacities, so
// that they compete for its lines. The same seed gives the same bodies, ids included.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

const data = (name) => new URL(`../data/${name}`, import.meta.url);

const markets = ['kitchenware', 'homeware', 'stationery', 'toys', 'gifts', 'textiles', 'lighting', 'garden'];

/**
 * options: `from` (first day of the offers, YYYY-MM-DD), `until`; `rate` (rials per pound, as the import states it), `seed`, `producers`
 * (how many, or `{ id }`s that are registered already), `coverage` (offered capacity over demand; below 1 leaves something unmatched).
 * Answers { stores, producers: [{ id, registration, catalogues }], codes, totals }:
 * - stores: bodies of POST /api/retailers/places, one a store
 * - producers[].registration: body of POST /api/producers (operator); .catalogues: bodies of POST /api/producers/catalogue (that producer)
 * - codes: bodies of POST /api/retailers/codes; an article's code names the variant of every producer that makes it, the preferred first
 */
export function supplyForRetailFile({ from, until, rate = 1_200_000, seed = 1, producers = 24, coverage = 1.15 }) {
  const demand = readDemand();
  const cities = parse(readFileSync(data('iran-cities.csv')), { columns: true });
  const random = mulberry(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const id = (...names) => uuid(`${seed}/${names.join('/')}`);
  const makers = typeof producers === 'number' ? Array.from({ length: producers }, (_, n) => makerOf(n, id, pick, cities)) : producers.map((given) => ({ ...given, products: [] }));
  const codes = [];
  const totals = { articles: 0, products: 0, offers: 0, demanded: 0, offered: 0 };
  for (const [code, article] of demand.articles) {
    // Capacities follow Pareto's law: a few articles are plentiful, many are just enough, some fall short.
    const capacity = Math.max(1, Math.round(article.quantity * coverage * 0.55 / (1 - random()) ** 0.6));
    const weightGrams = 100 + Math.floor(random() * 1_400);
    const rivals = rivalsOf(makers, random);
    const named = rivals.map((maker, n) => {
      const variantId = id('variant', code, n);
      // All of it is spread over the rivals, and each has at least a unit.
      const part = Math.max(1, n === 0 ? capacity - Math.floor(capacity / rivals.length) * (rivals.length - 1) : Math.floor(capacity / rivals.length));
      maker.products.push({
        id: id('product', code, n), market: markets[parseInt(code.slice(0, 5), 10) % markets.length], title: titleOf(code, article.title), unit: 'H87', vatCategory: 'standard', weightGrams,
        variants: [{ id: variantId, code }], offers: [offerOf({ offerId: id('offer', code, n), code, part, from, until, unitPrice: article.price * rate, random })],
      });
      totals.offered += part;
      return { code, variantId };
    });
    codes.push(named);
    totals.articles += 1;
    totals.products += named.length;
    totals.offers += named.length;
    totals.demanded += article.quantity;
  }
  return {
    stores: demand.stores.map((code) => storeOf(code, id('store', code), pick(cities))),
    producers: makers.map(({ products, ...maker }) => ({ ...maker, catalogues: lotsOf(products, 1_000).map((lot) => ({ products: lot })) })),
    // A request replaces all that a code named before, so a code's variants stay in one.
    codes: lotsOf(codes, 1_500).map((lot) => ({ codes: lot.flat() })),
    totals,
  };
}

/** Articles with quantity and mean price, and stores, of the rows an import would take. */
function readDemand() {
  const rows = parse(gunzipSync(readFileSync(data('retail-order-lines-2011-09.csv.gz'))), { columns: true });
  const good = rows.filter((row) => row.CustomerID !== '' && !/^c/i.test(row.InvoiceNo) && Number(row.Quantity) > 0 && Number(row.UnitPrice) > 0 && /^\d{5}[a-z]{0,2}$/i.test(row.StockCode));
  const articles = new Map();
  const spelled = new Map();
  for (const { StockCode, Quantity, UnitPrice, Description } of good) {
    // "15060b" and "15060B" are one article, as they are one code for its network; it goes by the spelling that came first.
    const code = spelled.get(StockCode.toUpperCase()) ?? StockCode;
    spelled.set(StockCode.toUpperCase(), code);
    const known = articles.get(code) ?? { quantity: 0, paid: 0, title: Description };
    const quantity = Number(Quantity);
    articles.set(code, { quantity: known.quantity + quantity, paid: known.paid + quantity * Number(UnitPrice), title: known.title || Description });
  }
  for (const article of articles.values()) article.price = article.paid / article.quantity;
  return { articles: [...articles].sort(([a], [b]) => (a < b ? -1 : 1)), stores: [...new Set(good.map((row) => row.CustomerID.replace(/\.0+$/, '')))].sort() };
}

function makerOf(n, id, pick, cities) {
  const city = pick(cities);
  return {
    id: id('producer', n),
    registration: {
      id: id('producer', n), kind: n % 3 === 0 ? 'factory' : 'workshop', name: { fa: `تولیدی ${city.city} ${n + 1}`, en: `Maker ${n + 1}` }, nationalId: legalId(1400_300_000 + n),
      place: { placeId: id('park', n), city: city.city, province: city.province, latitude: Number(city.latitude), longitude: Number(city.longitude) }, site: 'industrial-park', small: n % 3 !== 0,
    },
    products: [],
  };
}

/** Two or three of the producers, each once (all of them where there are fewer). */
const rivalsOf = (makers, random) => {
  const left = [...makers];
  return Array.from({ length: Math.min(left.length, random() < 0.5 ? 2 : 3) }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
};

function offerOf({ offerId, code, part, from, until, unitPrice, random }) {
  const cash = Math.max(1_000, Math.round((unitPrice * (0.8 + random() * 0.3)) / 1_000) * 1_000);
  const onAccount = Math.round((cash * (1.03 + random() * 0.04)) / 1_000) * 1_000;
  const quote = (amount, days, instrument) => ({ terms: { days, base: 'invoice', instrument }, price: { amount: String(amount), per: 1 }, validUntil: until });
  return {
    id: offerId, code, capacity: part, minimum: 1, lot: 1, leadDays: 2 + Math.floor(random() * 12), from, until, grade: ['A', 'A', 'B'][Math.floor(random() * 3)],
    prices: [quote(cash, 0, 'cash'), quote(onAccount, 90, 'barat')],
  };
}

const titleOf = (code, description) => ({ fa: `کالای ${code}`, en: (description ?? '').replace(/\s+/g, ' ').trim() || `Article ${code}` });

const storeOf = (code, placeId, city) => ({
  id: placeId, kind: 'store', name: `فروشگاه ${code}`, code, city: city.city, province: city.province, latitude: Number(city.latitude), longitude: Number(city.longitude),
});

const lotsOf = (all, size) => Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

/** The ten digits with the check digit of an Iranian legal person's id. */
function legalId(stem) {
  const digits = String(stem).padStart(10, '0');
  const shift = Number(digits[9]) + 2;
  let sum = 0;
  for (let i = 0; i < 10; i += 1) sum += (shift + Number(digits[i])) * [29, 27, 23, 19, 17][i % 5];
  return `${digits}${(sum % 11) % 10}`;
}

/** UUIDv8 of a name. */
function uuid(name) {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const mulberry = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};
