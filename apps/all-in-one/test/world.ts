import { each, type People, until } from './api.js';

/** The demo's firms that the journeys need, with the ids that the demo issuer's users belong to; fictional, with valid check digits. */
export const partyId = (n: number): string => `0199a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const subjectOf = (party: number, seat: number): string => `0199a000-0000-7000-9000-${String(party * 100 + seat).padStart(12, '0')}`;
export const goodsId = (n: number): string => `0199a000-0000-7000-afff-${String(n).padStart(12, '0')}`;

export const ids = {
  narvan: partyId(101), mehrayin: partyId(103), gamak: partyId(202), mina: partyId(204), azargoun: partyId(201),
  ayineh: partyId(301), resaleh: partyId(302), pezhvak: partyId(303), carrier: partyId(401),
  sneakers: goodsId(1), bags: goodsId(2), centre: '0199a000-0000-7000-a000-000000101000',
} as const;

export const terms = { barat90: { days: 90, base: 'invoice', instrument: 'barat' }, cash: { days: 0, base: 'invoice', instrument: 'cash' } } as const;

const networks = [
  { n: 101, user: 'narvan', name: { fa: 'هایپر نارون', en: 'Hyper Narvan' }, nationalId: '14003007078' },
  { n: 103, user: 'mehrayin', name: { fa: 'بازار مهرآیین', en: 'Mehrayin Bazaar' }, nationalId: '14003007215' },
];
export const makers = [
  { n: 201, user: 'azargoun', name: { fa: 'چرم‌سازی آذرگون', en: 'Azargoun Tannery' }, nationalId: '14003014070', sheba: 'IR890120000000004000000201', city: 'تبریز', province: 'آذربایجان شرقی', latitude: 38.06667, longitude: 46.3 },
  { n: 202, user: 'gamak', name: { fa: 'کفش گامک', en: 'Gamak Shoes' }, nationalId: '14003014143', sheba: 'IR620120000000004000000202', city: 'هیدج', province: 'زنجان', latitude: 36.25, longitude: 49.13 },
  { n: 204, user: 'mina', name: { fa: 'سراجی مینا', en: 'Mina Leather Goods' }, nationalId: '14003014289', sheba: 'IR080120000000004000000204', city: 'همدان', province: 'همدان', latitude: 34.79922, longitude: 48.51456 },
];
const funders = [
  { n: 301, user: 'ayineh', kind: 'bank', name: 'بانک آیینهٔ صنعت', sheba: 'IR410170000000004000000301' },
  { n: 302, user: 'resaleh', kind: 'bank', name: 'بانک رسالهٔ تجارت', sheba: 'IR140170000000004000000302' },
  { n: 303, user: 'pezhvak', kind: 'factor', name: 'فاکتورینگ پژواک', sheba: 'IR840170000000004000000303' },
];

const offerDays = { from: '2026-08-23', until: '2027-06-20' };
const offer = (id: string, price: number, capacity: number) => ({
  id, capacity, minimum: 20, lot: 1, leadDays: 4, ...offerDays, grade: 'A', prices: [{ terms: terms.barat90, price: { amount: String(price), per: 1 }, validUntil: offerDays.until }],
});

/** Registers everybody through the public API, as an operator and the parties' own people would. */
export const registerWorld = async (as: People): Promise<void> => {
  const operator = as('operator');
  await Promise.all([
    ...networks.map(({ n, name, nationalId }) => operator.wantPost('/api/retailers', { id: partyId(n), name, nationalId, costOfFunds: [{ from: '2026-03-21', rate: 2300 }], automaticAwardUpTo: '900000000000' })),
    ...makers.map(({ n, name, nationalId, sheba, city, province, latitude, longitude }) => operator.wantPost('/api/producers', {
      id: partyId(n), kind: 'factory', name, nationalId, sheba, site: 'industrial-park', small: true, place: { placeId: `0199a000-0000-7000-a000-${String(n).padStart(12, '0')}`, city, province, latitude, longitude },
    })),
    ...funders.map(({ n, kind, name, sheba }) => operator.wantPost('/api/financing/funders', { id: partyId(n), kind, name, sheba })),
    operator.wantPost('/api/delivery/carriers', { id: ids.carrier, name: 'ترابری راه‌ابریشم زنجان' }),
    operator.wantPost('/api/financing/mandates', { partyId: ids.narvan, subject: subjectOf(101, 4), ceiling: '500000000000', validUntil: '2030-03-20' }),
    ...makers.flatMap(({ n, user, sheba }) => [
      operator.wantPost('/api/financing/mandates', { partyId: partyId(n), subject: subjectOf(n, 1), ceiling: '500000000000', validUntil: '2030-03-20' }),
      operator.wantPost('/api/delivery/tax-standings', { sellerId: partyId(n), from: '2022-01-03', registered: true }),
      as(`${user}.producer`).wantPost('/api/financing/accounts', { sheba }),
    ]),
    ...funders.flatMap(({ user }) => networks.map(({ n }) => as(`${user}.funder`).wantPost('/api/financing/limits', { debtorId: partyId(n), amount: '900000000000', validUntil: '2030-03-20' }))),
  ]);
  await Promise.all([
    ...makers.map(({ n, user }) => as(`${user}.producer`).wantPost(`/api/producers/${partyId(n)}/licences`, { kind: 'operation', number: `${n}-1405`, validUntil: '2030-03-20' })),
    as('narvan.buyer').wantPost('/api/retailers/places', { id: ids.centre, kind: 'distribution-centre', name: 'مرکز پخش رباط‌کریم', code: 'DC-01', city: 'رباط کریم', province: 'تهران', latitude: 35.48472, longitude: 51.08278 }),
    as('gamak.producer').wantPost('/api/producers/catalogue', { products: [{
      id: goodsId(11), market: 'children-shoes', title: { fa: 'کتانی بچگانهٔ گامک', en: 'Gamak children’s sneakers' }, unit: 'PR', vatCategory: 'standard', weightGrams: 450,
      variants: [{ id: ids.sneakers, code: 'GMK-SNK-30' }], offers: [{ variantId: ids.sneakers, ...offer(goodsId(21), 4_150_000, 60_000) }],
    }] }),
    as('mina.producer').wantPost('/api/producers/catalogue', { products: [{
      id: goodsId(12), market: 'school-bags', title: { fa: 'کولهٔ مدرسهٔ مینا', en: 'Mina school backpack' }, unit: 'H87', vatCategory: 'standard', weightGrams: 700,
      variants: [{ id: ids.bags, code: 'MIN-SCH-BLU' }], offers: [{ variantId: ids.bags, ...offer(goodsId(22), 5_600_000, 16_000) }],
    }] }),
  ]);
  await as('narvan.storekeeper').wantPost('/api/delivery/contacts', { placeId: ids.centre, phone: '09120000101' });
  await as('narvan.buyer').wantPost('/api/retailers/codes', { codes: [{ code: 'NRV-SNK', variantId: ids.sneakers }, { code: 'NRV-BAG', variantId: ids.bags }] });
  await each(makers, ({ n }) => until(`licence of ${n}`, async () => ((await operator.want(`/api/producers/${partyId(n)}`)).standing.status === 'verified' ? true : undefined)));
};
