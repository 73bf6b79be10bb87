import { fold, foldCode } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { NetworkPlace } from '../domain/place.js';

type Row = Omit<NetworkPlace, 'networkId' | 'gln' | 'postalCode'> & { network_id: string; gln: string | null; postal_code: string | null };

const columns = 'id, network_id, kind, name, code, gln, postal_code, city, province, latitude, longitude';

/** False when the id, the network's own code or the GLN is taken. */
export const insertPlace = async (tx: Tx, place: NetworkPlace): Promise<boolean> =>
  (await tx.run(`
    insert into places (${columns}, folded_code, folded, parties) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, array[$2::uuid]) on conflict do nothing`, [
    place.id, place.networkId, place.kind, place.name, place.code, place.gln ?? null, place.postalCode ?? null, place.city, place.province, place.latitude, place.longitude,
    foldCode(place.code), fold(`${place.name} ${place.code} ${place.city}`)])) === 1;

export const listPlaces = async (tx: Tx, networkId: string, folded: string, after: string | undefined, limit: number): Promise<NetworkPlace[]> =>
  (await tx.sql<Row>(`select ${columns} from places where network_id = $1 and strpos(folded, $2) > 0 and ($3::uuid is null or id > $3) order by id limit $4`, [networkId, folded, after ?? null, limit]))
    .map(({ network_id, gln, postal_code, ...row }) => ({ ...row, networkId: network_id, ...(gln !== null && { gln }), ...(postal_code !== null && { postalCode: postal_code }) }));
