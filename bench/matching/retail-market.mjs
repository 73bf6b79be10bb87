// A market for the bench as arrays in memory. Demand is real: every line is a row of data/retail-order-lines-2011-09.csv.gz, taken again by another
// store until there are enough. Supply is made: offers per article with Pareto capacities in real cities. The same seed gives the same arrays.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { distanceKm } from '@peyvand/kernel';
import { parse } from 'csv-parse/sync';
import { seeded } from '../../libs/matching/dist/seeded.js';

const read = (name) => readFileSync(new URL(`../../data/${name}`, import.meta.url));
const rialsPerPound = 1_200_000;
const rialsPerTonneKm = 40_000;

/**
 * Answers the arrays of a `BareMarket`: arcs of line i are first[i] … first[i + 1], costs in thousandths of a rial per unit at present value, landed.
 * A pair is left out where the line's ceiling or day stands against it. Buffers are shared, so that helpers need no copy. A unit left unmatched
 * costs twice its list price (`unmatchedAt: 'stated'`), or so much that as much as possible is matched first ('fill-first').
 */
export function retailMarket({ lines: wanted, offers: offered, seed = 1, unmatchedAt = 'fill-first' }) {
  const random = seeded(seed);
  const below = (limit) => Math.floor(random() * limit);
  const cities = parse(read('iran-cities.csv'), { columns: true }).map((row) => ({ latitude: Number(row.latitude), longitude: Number(row.longitude) }));
  const roads = cities.map((from) => cities.map((to) => Math.ceil(distanceKm(from, to) * 1.3)));
  const rows = demandRows();
  const articles = articlesOf(rows);
  const stores = new Map();
  const storeOf = (code) => {
    const known = stores.get(code) ?? { city: below(cities.length), rate: 1_800 + 100 * below(12) };
    stores.set(code, known);
    return known;
  };
  const lines = Array.from({ length: wanted }, (_, n) => {
    // Whole rounds through the file first, then a random part of it.
    const row = n < Math.floor(wanted / rows.length) * rows.length ? rows[n % rows.length] : rows[below(rows.length)];
    const store = storeOf(`${row.customer}/${Math.floor(n / rows.length)}`);
    return { ...store, article: row.article, quantity: row.quantity, ceiling: random() < 0.2 ? 0.95 + random() * 0.2 : Infinity, days: 12 + below(20) };
  });
  shuffle(lines, below);
  for (const line of lines) articles[line.article].demand += line.quantity;
  const offers = offersOf(articles.filter(({ demand }) => demand > 0), offered, { random, below, cities });
  return arraysOf(lines, offers, articles, roads, unmatchedAt);
}

function demandRows() {
  const articleOf = new Map();
  return parse(gunzipSync(read('retail-order-lines-2011-09.csv.gz')), { columns: true })
    .filter((row) => Number(row.Quantity) > 0 && Number(row.UnitPrice) > 0 && /^\d{5}[a-z]{0,2}$/i.test(row.StockCode))
    .map((row) => {
      const code = row.StockCode.toUpperCase();
      articleOf.set(code, articleOf.get(code) ?? articleOf.size);
      return { article: articleOf.get(code), quantity: Number(row.Quantity), price: Number(row.UnitPrice), customer: row.CustomerID };
    });
}

function articlesOf(rows) {
  const articles = [];
  for (const { article, price } of rows) {
    articles[article] ??= { price, weight: 100 + ((article * 7919) % 1_400), lines: 0, demand: 0, offers: [] };
    articles[article].lines += 1;
  }
  return articles;
}

/** Articles that are asked for more often have somewhat more rivals, each has at least one. */
function offersOf(articles, count, { random, below, cities }) {
  const pull = articles.map(({ lines }) => lines ** 0.22);
  const scale = (count - articles.length) / pull.reduce((a, b) => a + b, 0);
  const offers = [];
  let owed = 0;
  articles.forEach((article, n) => {
    owed += 1 + pull[n] * scale;
    const rivals = Math.round(owed) - offers.length;
    // A few articles are plentiful, many are just enough, some fall short; within one, capacities follow Pareto's law too.
    const capacity = (article.demand * 0.63) / (1 - random()) ** 0.6;
    const weights = Array.from({ length: rivals }, () => 1 / (1 - random()) ** 0.7);
    const sum = weights.reduce((a, b) => a + b, 0);
    for (const weight of weights) {
      const cash = Math.round(article.price * rialsPerPound * (0.8 + random() * 0.3));
      article.offers.push(offers.length);
      offers.push({ capacity: Math.max(1, Math.round((capacity * weight) / sum)), city: below(cities.length), cash, days: Math.round(cash * (1.03 + random() * 0.04)), lead: 2 + below(12) });
    }
  });
  return offers;
}

function arraysOf(lines, offers, articles, roads, unmatchedAt) {
  const most = lines.reduce((sum, { article }) => sum + articles[article].offers.length, 0);
  const arrays = {
    first: new Int32Array(shared(4 * (lines.length + 1))), offerOf: new Int32Array(shared(4 * most)), cost: new Float64Array(shared(8 * most)),
    demand: new Float64Array(shared(8 * lines.length)), penalty: new Float64Array(shared(8 * lines.length)), capacity: new Float64Array(shared(8 * offers.length)),
  };
  let at = 0;
  lines.forEach((line, i) => {
    const { price, weight, offers: rivals } = articles[line.article];
    for (const j of rivals) {
      const { city, cash, days, lead } = offers[j];
      const km = roads[city][line.city];
      const unit = Math.min(cash * 1_000, Math.round((days * 1_000 * 3_650_000) / (3_650_000 + 90 * line.rate)));
      if (unit > line.ceiling * price * rialsPerPound * 1_000 || lead + Math.ceil(km / 600) > line.days) continue;
      arrays.offerOf[at] = j;
      arrays.cost[at] = unit + Math.floor((weight * km * rialsPerTonneKm) / 1_000 + 0.5);
      at += 1;
    }
    arrays.first[i + 1] = at;
    arrays.demand[i] = line.quantity;
    // No unit costs more than twice the list price and a million rials of freight, and a chain of re-routes passes each rival once at most.
    const list = price * rialsPerPound * 1_000;
    arrays.penalty[i] = Math.round(unmatchedAt === 'stated' ? 2 * list : (rivals.length + 1) * (2 * list + 1e9));
  });
  offers.forEach(({ capacity }, j) => {
    arrays.capacity[j] = capacity;
  });
  return { ...arrays, offerOf: arrays.offerOf.subarray(0, at), cost: arrays.cost.subarray(0, at) };
}

/** One article that everyone asks for and anyone may deliver: a dense market. */
export function oneArticle({ lines, offers, seed }) {
  const random = seeded(seed);
  const below = (limit) => Math.floor(random() * limit);
  const cities = parse(read('iran-cities.csv'), { columns: true }).map((row) => ({ latitude: Number(row.latitude), longitude: Number(row.longitude) }));
  const asked = Array.from({ length: lines }, () => ({ to: cities[below(cities.length)], quantity: 1 + below(60) }));
  const fair = asked.reduce((sum, { quantity }) => sum + quantity, 0) / offers;
  const sold = Array.from({ length: offers }, () => ({ from: cities[below(cities.length)], capacity: Math.ceil((fair * 0.5) / (1 - random()) ** 0.7), price: 900_000_000 + below(600_000_000) }));
  const cost = new Float64Array(shared(8 * lines * offers));
  asked.forEach(({ to }, i) => sold.forEach(({ from, price }, j) => {
    cost[i * offers + j] = price + 450 * Math.ceil(distanceKm(from, to) * 1.3) * (rialsPerTonneKm / 1_000);
  }));
  return {
    first: Int32Array.from({ length: lines + 1 }, (_, i) => i * offers), offerOf: Int32Array.from({ length: lines * offers }, (_, a) => a % offers), cost,
    demand: Float64Array.from(asked, ({ quantity }) => quantity), capacity: Float64Array.from(sold, ({ capacity }) => capacity), penalty: new Float64Array(lines).fill(1e12),
  };
}

const shared = (bytes) => new SharedArrayBuffer(bytes);

function shuffle(list, below) {
  for (let i = list.length - 1; i > 0; i -= 1) {
    const other = below(i + 1);
    [list[i], list[other]] = [list[other], list[i]];
  }
}
