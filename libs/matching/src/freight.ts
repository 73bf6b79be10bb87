import { distanceKm, type GeoPoint } from '@peyvand/kernel';

import type { MatchingPolicy } from './instance.js';

/** Kilometres by road, rounded up. */
export const roadKm = (from: GeoPoint, to: GeoPoint, policy: MatchingPolicy): number => Math.ceil((distanceKm(from, to) * policy.freight.roadPercent) / 100);

/** Freight of one unit in thousandths of a rial, rounded half up: handling + grams × km × rials per tonne-kilometre. */
export const freightOfUnit = (km: number, weightGrams: number, policy: MatchingPolicy): number => {
  // grams × km × rials/1e6 rials = …/1e3 thousandths. Three checked factors stay far below 2^53 for anything that travels by road.
  const milli = Math.floor((weightGrams * km * policy.freight.rialsPerTonneKm) / 1000 + 0.5);
  return milli + Number(policy.freight.perUnit) * 1000;
};

/** Whole days on the road; none within the same place. */
export const transitDays = (km: number, policy: MatchingPolicy): number => (km === 0 ? 0 : Math.ceil(km / policy.transit.kmPerDay)) + policy.transit.handlingDays;
