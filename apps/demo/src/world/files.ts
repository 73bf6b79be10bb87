import { readCities, type City } from './places.js';

// The repository's data/ folder, from src/world as well as from dist/world.
const data = new URL('../../../../data/', import.meta.url);

export const ordersFile = new URL('retail-order-lines-2011-09.csv.gz', data);

let read: City[] | undefined;

/** Iran's towns, read once. */
export const cities = (): City[] => (read ??= readCities(new URL('iran-cities.csv', data)));
