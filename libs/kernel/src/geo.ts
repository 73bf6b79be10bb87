/** Degrees, WGS 84. */
export type GeoPoint = { readonly latitude: number; readonly longitude: number };

const earthRadiusKm = 6371;

/** Great-circle distance in whole kilometres; roads are longer, freight tables say by how much. */
export const distanceKm = (from: GeoPoint, to: GeoPoint): number => {
  const [lat1, lat2] = [radians(from.latitude), radians(to.latitude)];
  const h = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
  return Math.round(2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h))));
};

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
