// The supply side of the file, registered through the public API: one network with its stores and codes, ten producers that accept without looking, two funders.
import { setTimeout as sleep } from 'node:timers/promises';
import { funders, networks, producers } from '../../apps/demo/dist/world/parties.js';
import { supplyForRetailFile } from '../../tools/supply-for-retail-file.mjs';

const far = '2030-03-20';
/** Any party will do for who runs the platform. */
export const operator = '0199a000-0000-7000-8000-000000000900';
export const buyer = networks.mehrayin;
const sellers = Object.values(producers);
const banks = Object.values(funders).slice(0, 2);

/** Answers the totals of the supply; offers cover the demand of the file `times` over. */
export async function register(platform, as, times) {
  const supply = supplyForRetailFile({ from: platform.day, until: '2027-02-20', producers: sellers.map(({ id }) => ({ id })), coverage: 1.15 * times });
  const post = (caller, service, path, body) => again(() => caller('POST', service, path, body));
  await Promise.all([
    post(as(operator, 'operator'), 'retailers', '/api/retailers', { id: buyer.id, name: buyer.name, nationalId: buyer.nationalId, costOfFunds: [{ from: '2026-01-01', rate: 2300 }], automaticAwardUpTo: '900000000000000' }),
    ...sellers.map(({ id, kind, name, nationalId, sheba, site, small, place }) => post(as(operator, 'operator'), 'producers', '/api/producers', { id, kind, name, nationalId, sheba, site, small, place })),
    ...banks.map(({ id, kind, name, sheba }) => post(as(operator, 'operator'), 'financing', '/api/financing/funders', { id, kind, name: name.fa, sheba })),
  ]);
  await Promise.all([
    ...sellers.flatMap(({ id, licence, sheba }) => [
      post(as(id, 'producer'), 'producers', `/api/producers/${id}/licences`, { kind: licence, number: `${id.slice(-3)}-1405`, validUntil: far }),
      post(as(id, 'producer'), 'financing', '/api/financing/accounts', { sheba }),
      again(() => as(id, 'producer')('PUT', 'orders', '/api/orders/standing-acceptance', { accept: 'automatic' })),
    ]),
    ...banks.map(({ id }) => post(as(id, 'funder'), 'financing', '/api/financing/limits', { debtorId: buyer.id, amount: '900000000000000', validUntil: far })),
    ...supply.producers.flatMap(({ id, catalogues }) => catalogues.map((body) => post(as(id, 'producer'), 'producers', '/api/producers/catalogue', body))),
  ]);
  for (let at = 0; at < supply.stores.length; at += 16) await Promise.all(supply.stores.slice(at, at + 16).map((store) => post(as(buyer.id, 'buyer'), 'retailers', '/api/retailers/places', store)));
  // Retailers must have heard of the products first.
  for (const body of supply.codes) await post(as(buyer.id, 'buyer'), 'retailers', '/api/retailers/codes', body);
  return supply.totals;
}

/** Services hear of each other with a little delay: what is not known yet is asked again. */
const again = async (ask) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 60 || !(error.status >= 400)) throw error;
      await sleep(250);
    }
  }
};
