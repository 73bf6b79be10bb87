import { offerTerms, plusDays } from '../seed-world/seed-world.js';
import { products } from '../world/goods.js';
import { producerKeys } from '../world/parties.js';
import type { Cast } from './cast.js';
import type { Log } from './work.js';

type OfferRow = { readonly offerId: string; readonly variantId: string; readonly until: string; readonly capacity: number; readonly revision: number };

/** Every offer that ends within 120 days is renewed with fresh capacity, as a producer does each season. */
export const renewals = async (cast: Cast, today: string, log: Log): Promise<void> => {
  for (const key of producerKeys) {
    if (key === 'aban') continue;
    try {
      const manager = cast(`${key}.producer`);
      const { items } = await manager.get<{ items: OfferRow[] }>('/api/producers/offers?limit=200');
      for (const offer of items.filter(({ until }) => until < plusDays(today, 120))) {
        const product = products.find(({ variants }) => variants.some(({ id }) => id === offer.variantId));
        if (product === undefined) continue;
        const { minimum: _m, lot: _l, leadDays: _d, grade: _g, ...fresh } = offerTerms(product, today);
        await manager.send('PATCH', `/api/producers/offers/${offer.offerId}`, { ...fresh, capacity: offer.capacity + fresh.capacity }, `renew-${offer.offerId}-${offer.revision}`);
      }
    } catch (error) {
      log('warn', 'demo: offers were not renewed', { producer: key, error: (error as Error).message });
    }
  }
};
