// The bench's world: three chains, pairs of makers, two funders; registered through the public API.
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { carrier, funders, networks, producers } from '../../apps/demo/dist/world/parties.js';

const far = '2060-03-20';
const sellers = Object.values(producers).slice(0, 8);
const chains = Object.values(networks);
const banks = Object.values(funders).slice(0, 2);
const markets = ['shoes', 'bags', 'knitwear', 'uniforms'];

/** Callers by seat: `as(party, role)(method, service, path, body)` answers the body, or throws what was refused. */
export function callers(platform) {
  const agent = new Agent({ keepAlive: true, maxSockets: 24 });
  const tokens = new Map();
  return (party, role) => async (method, service, path, body) => {
    const seat = `${party}/${role}`;
    if (!tokens.has(seat)) tokens.set(seat, await platform.tokenFor(seat, party, [role]));
    const raw = typeof body === 'string';
    const text = body === undefined ? undefined : raw ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(`${platform.urlOf(service)}${path}`, {
        method, agent, headers: {
          authorization: `Bearer ${tokens.get(seat)}`, 'accept-language': 'en', 'idempotency-key': randomUUID(),
          ...(text === undefined ? {} : { 'content-type': raw ? 'text/csv' : 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part)).on('end', () => {
          const answer = Buffer.concat(parts).toString();
          if (response.statusCode < 300) resolve(answer === '' ? undefined : JSON.parse(answer));
          else reject(Object.assign(new Error(`${method} ${path}: ${response.statusCode} ${answer.slice(0, 400)}`), { status: response.statusCode }));
        });
      }).on('error', reject);
      asked.end(text);
    });
  };
}

/** `terms`: the payment terms every offer is quoted at. `standing`: everybody gives standing instructions. */
export async function seed(as, { terms, standing }) {
  const operator = as(randomUUID(), 'operator');
  const post = (caller, service, path, body) => again(() => caller('POST', service, path, body));
  await Promise.all([
    ...chains.map(({ id, name, nationalId }) => post(operator, 'retailers', '/api/retailers', { id, name, nationalId, costOfFunds: [{ from: '2026-01-01', rate: 2300 }], automaticAwardUpTo: '900000000000000' })),
    ...sellers.map(({ id, kind, name, nationalId, sheba, site, small, place }) => post(operator, 'producers', '/api/producers', { id, kind, name, nationalId, sheba, site, small, place })),
    ...banks.map(({ id, kind, name, sheba }) => post(operator, 'financing', '/api/financing/funders', { id, kind, name: name.fa, sheba })),
    post(operator, 'delivery', '/api/delivery/carriers', { id: carrier.id, name: carrier.name.fa }),
  ]);
  const offer = { capacity: 1_000_000_000, minimum: 1, lot: 1, leadDays: 2, from: '2026-03-01', until: far, grade: 'A' };
  const goods = sellers.map((seller, n) => ({ seller, market: markets[n % 4], variants: [randomUUID(), randomUUID()], productId: randomUUID(), price: String(1_000_000 + n * 10_000) }));
  const places = chains.map((chain) => ({ chain, placeId: randomUUID(), code: 'DC-01' }));
  await Promise.all([
    ...goods.map(({ seller, market, variants, productId, price }, n) => post(as(seller.id, 'producer'), 'producers', '/api/producers/catalogue', { products: [{
      id: productId, market, title: { fa: `کالای ${n}`, en: `Goods ${n}` }, unit: 'PR', vatCategory: 'standard', weightGrams: 400, variants: variants.map((id, i) => ({ id, code: `G${n}-${i}` })),
      offers: variants.map((variantId) => ({ variantId, ...offer, prices: [{ terms, price: { amount: price, per: 1 }, validUntil: far }] })),
    }] })),
    ...sellers.flatMap(({ id, licence, sheba }) => [
      post(as(id, 'producer'), 'producers', `/api/producers/${id}/licences`, { kind: licence, number: `${id.slice(-3)}-1405`, validUntil: far }),
      post(operator, 'delivery', '/api/delivery/tax-standings', { sellerId: id, from: '2022-01-03', registered: true, memoryId: `A00${id.slice(-3)}` }),
      post(as(id, 'producer'), 'financing', '/api/financing/accounts', { sheba }),
    ]),
    ...places.map(({ chain, placeId, code }) => post(as(chain.id, 'buyer'), 'retailers', '/api/retailers/places', { id: placeId, kind: 'distribution-centre', name: 'مرکز پخش', code, city: 'رباط کریم', province: 'تهران', latitude: 35.48, longitude: 51.08 })),
    ...chains.flatMap(({ id }) => [
      post(operator, 'financing', '/api/financing/mandates', { partyId: id, subject: `${id}/signatory`, ceiling: '900000000000000', validUntil: far }),
      ...banks.map((bank) => post(as(bank.id, 'funder'), 'financing', '/api/financing/limits', { debtorId: id, amount: '900000000000000', validUntil: far })),
    ]),
  ]);
  await Promise.all(places.map(({ chain, placeId }, n) => post(as(chain.id, 'storekeeper'), 'delivery', '/api/delivery/contacts', { placeId, phone: `0912000010${n}` })));
  await Promise.all(chains.map(({ id }) => post(as(id, 'buyer'), 'retailers', '/api/retailers/codes', { codes: goods.flatMap(({ variants }, n) => variants.map((variantId, i) => ({ code: `G${n}-${i}`, variantId }))) })));
  if (standing) await giveInstructions(as, terms);
  return { chains, sellers, banks, goods };
}

async function giveInstructions(as, terms) {
  const put = (caller, service, path, body) => again(() => caller('PUT', service, path, body));
  await Promise.all([
    ...sellers.flatMap(({ id }) => [
      put(as(id, 'producer'), 'orders', '/api/orders/standing-acceptance', { accept: 'automatic' }),
      put(as(id, 'producer'), 'delivery', '/api/delivery/standing-invoicing', { invoice: 'on-receipt', prefix: id.slice(-3) }),
      put(as(id, 'producer'), 'financing', '/api/financing/standing-sale', { draw: 'on-approval', choose: 'best-at-once' }),
    ]),
    ...banks.flatMap(({ id }, n) => chains.map((chain) => put(as(id, 'funder'), 'financing', '/api/financing/standing-bids', { debtorId: chain.id, rate: 2200 + 50 * n, fee: '0', maxFace: '900000000000', validHours: 96 }))),
    ...chains.map(async ({ id }) => {
      const { policyId } = await put(as(id, 'buyer'), 'delivery', '/api/delivery/approval-policy', { upTo: '900000000000' });
      await again(() => as(id, 'approver')('POST', 'delivery', `/api/delivery/approval-policy/${policyId}/approve`));
    }),
  ]);
}

/** Services hear of each other with a little delay: what is not known yet is asked again. */
const again = async (ask) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 40 || !(error.status >= 400)) throw error;
      await sleep(250);
    }
  }
};

/** Two lines of one maker and one of another in the same market: three lines, two matches. */
export const orderLines = ({ goods }, n) => {
  const market = n % 4;
  const [first, second] = [goods[market], goods[market + 4]];
  return [[`G${goods.indexOf(first)}-0`, 10 + (n % 7)], [`G${goods.indexOf(first)}-1`, 5 + (n % 5)], [`G${goods.indexOf(second)}-0`, 8 + (n % 3)]];
};
