import { readFileSync } from 'node:fs';

import { demoId, networks, networkKeys, numberOf, type NetworkKey } from './parties.js';

export type Place = { readonly placeId: string; readonly city: string; readonly province: string; readonly latitude: number; readonly longitude: number };
export type Store = { readonly place: Place; readonly kind: 'store' | 'distribution-centre'; readonly name: string; readonly code: string };
export type City = Omit<Place, 'placeId'>;

const seats: Record<NetworkKey, { readonly stores: number; readonly centre: string; readonly provinces: readonly string[] }> = {
  narvan: { stores: 38, centre: 'رباط کریم', provinces: ['تهران', 'البرز', 'قزوین', 'مرکزی', 'گیلان', 'مازندران'] },
  sarvestan: { stores: 14, centre: 'اصفهان', provinces: ['اصفهان'] },
  mehrayin: { stores: 22, centre: 'مشهد', provinces: ['خراسان رضوی', 'خراسان شمالی', 'خراسان جنوبی'] },
};

/** Iran's towns (data/iran-cities.csv): province, city, latitude, longitude. */
export const readCities = (file: URL): City[] =>
  readFileSync(file, 'utf8').trim().split('\n').slice(1).map((line) => {
    const [province = '', city = '', latitude, longitude] = line.trim().split(',');
    return { province, city, latitude: Number(latitude), longitude: Number(longitude) };
  });

/** The chain's distribution centre (first) and its stores, in towns of its region. */
export const storesOf = (network: NetworkKey, cities: readonly City[]): Store[] => {
  const { stores, centre, provinces } = seats[network];
  const base = numberOf(networks[network].id) * 1000;
  const at = cities.find(({ city }) => city === centre) ?? cities[0];
  if (at === undefined) throw new Error('data/iran-cities.csv is empty');
  const towns = provinces.flatMap((province) => cities.filter((town) => town.province === province)).slice(0, stores);
  return [
    { kind: 'distribution-centre', code: 'DC-01', name: `مرکز پخش ${at.city} – ${networks[network].name.fa}`, place: { placeId: demoId('a000', base), ...at } },
    ...towns.map((town, n): Store => ({ kind: 'store', code: `ST-${String(n + 1).padStart(2, '0')}`, name: `${networks[network].name.fa} – ${town.city}`, place: { placeId: demoId('a000', base + n + 1), ...town } })),
  ];
};

export const centreOf = (network: NetworkKey): string => demoId('a000', numberOf(networks[network].id) * 1000);

export const storeCounts = Object.fromEntries(networkKeys.map((key) => [key, seats[key].stores])) as Record<NetworkKey, number>;
