import { setTimeout as sleep } from 'node:timers/promises';

import { articlesOf, terms } from '../world/goods.js';
import { centreOf, storesOf, type City } from '../world/places.js';
import { networkKeys, type NetworkKey } from '../world/parties.js';
import type { Cast } from './cast.js';
import type { OrderShape } from './demand.js';
import { plusDays } from '../seed-world/seed-world.js';
import type { Log } from './work.js';

export type Rhythm = {
  readonly cast: Cast; readonly cities: readonly City[]; readonly shapes: readonly OrderShape[]; readonly everyMs: number; readonly today: () => Promise<string>;
  /** While true nothing new is ordered: the clock is being stepped and everybody finishes what is at hand. */
  readonly held: () => boolean; readonly log: Log;
};

/** The chains order in turn, in the rhythm of real order lines, until the signal. Numbers go on after a restart: they carry the day. */
export const orderInRhythm = async ({ cast, cities, shapes, everyMs, today, held, log }: Rhythm, signal: AbortSignal): Promise<void> => {
  const run = Date.now().toString(36);
  for (let n = 0; !signal.aborted; n += 1) {
    // Real orders come in bursts: between a third and twice the usual pause.
    await sleep(everyMs * (0.35 + 1.3 * Math.random()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted || held()) continue;
    const network = networkKeys[Math.floor(Math.random() * networkKeys.length)] ?? 'narvan';
    try {
      const poNumber = `${network.slice(0, 3).toUpperCase()}-${run}-${n}`;
      await cast(`${network}.buyer`).send('POST', '/api/orders', orderOf(network, poNumber, await today(), shapes[n % Math.max(1, shapes.length)] ?? { lines: [1] }, cities), `order-${poNumber}`);
    } catch (error) {
      log('warn', 'demo: an order was not taken', { error: (error as Error).message });
      await sleep(2_000, undefined, { signal }).catch(() => undefined);
    }
  }
};

const orderOf = (network: NetworkKey, poNumber: string, today: string, shape: OrderShape, cities: readonly City[]) => {
  const stores = storesOf(network, cities);
  const shipTo = Math.random() < 0.5 ? centreOf(network) : stores[Math.floor(Math.random() * stores.length)]?.place.placeId ?? centreOf(network);
  const picks = sellable(network).sort(() => Math.random() - 0.5).slice(0, shape.lines.length);
  return {
    poNumber,
    lines: picks.map(({ product, code }, at) => ({
      code,
      quantity: Math.max(product.minimum, Math.round((product.usual / 2) * (shape.lines[at] ?? 1))),
      shipTo,
      neededBy: plusDays(today, 40 + Math.floor(Math.random() * 40)),
      // Most pay later by barat, some on open account, a few in cash; one in twelve hopes for a price nobody offers.
      terms: Math.random() < 0.62 ? terms.barat90 : Math.random() < 0.5 ? terms.barat60 : Math.random() < 0.6 ? terms.open30 : terms.cash,
      ...(Math.random() < 0.08 ? { priceCeiling: String(Math.round(product.price * 0.8)) } : {}),
    })),
  };
};

/** What chains buy, by their own codes, which name every maker's: leather goes to shoemakers. */
const sellable = (network: NetworkKey) => articlesOf(network).filter(({ product }) => product.unit !== 'FTK');
