import { callers, seed } from '../bench/story/world.mjs';

/** The firms of the rig: three chains, eight makers, two funders. Half of the makers answer by hand, the others have given their word. */
export const makeWorld = async (platform) => {
  const as = callers(platform);
  const world = await seed(as, { terms: { days: 3, base: 'invoice', instrument: 'barat' }, standing: true });
  for (const { id } of world.sellers.slice(0, 4).filter((_, n) => n % 2 === 1)) await as(id, 'producer')('PUT', 'orders', '/api/orders/standing-acceptance', { accept: 'by-hand' });
  return world;
};
