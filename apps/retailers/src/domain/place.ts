import { StoreOpened, type NewFact } from '@peyvand/contracts';
import { accept, normalise, parseGln, parsePostalCode, refuse, type Decision } from '@peyvand/kernel';

/** Where a network receives goods. The name stays here; the fact says where it is and by which code. */
export type NetworkPlace = {
  readonly id: string;
  readonly networkId: string;
  readonly kind: 'store' | 'distribution-centre';
  readonly name: string;
  readonly code: string;
  readonly gln?: string;
  readonly postalCode?: string;
  readonly city: string;
  readonly province: string;
  readonly latitude: number;
  readonly longitude: number;
};

export const openPlace = (told: NetworkPlace): Decision<NetworkPlace, NewFact<unknown>, 'place-faulty'> => {
  const gln = told.gln === undefined ? undefined : parseGln(told.gln);
  const postalCode = told.postalCode === undefined ? undefined : parsePostalCode(told.postalCode);
  const errors = [
    ...(gln?.ok === false ? [{ path: 'gln', code: gln.reason }] : []),
    ...(postalCode?.ok === false ? [{ path: 'postalCode', code: postalCode.reason }] : []),
  ];
  if (errors.length > 0) return refuse('place-faulty', { errors });
  const place: NetworkPlace = {
    ...told, name: normalise(told.name), city: normalise(told.city), province: normalise(told.province),
    ...(gln?.ok && { gln: gln.value }), ...(postalCode?.ok && { postalCode: postalCode.value }),
  };
  const { id: placeId, networkId, kind, code, city, province, latitude, longitude } = place;
  return accept(place, StoreOpened.of({ networkId, kind, code, ...(place.gln !== undefined && { gln: place.gln }), place: { placeId, city, province, latitude, longitude } }));
};
