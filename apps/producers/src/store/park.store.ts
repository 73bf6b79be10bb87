import { fold } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Site } from '../domain/producer.js';

/** شهرک، ناحیه یا مجتمع: a place that many producers share. */
export type Park = {
  readonly id: string; readonly name: { readonly fa: string; readonly en: string }; readonly site: Site;
  readonly city: string; readonly province: string; readonly latitude: number; readonly longitude: number;
};

type Row = { id: string; name_fa: string; name_en: string; site: Site; city: string; province: string; latitude: number; longitude: number };

const columns = 'id, name_fa, name_en, site, city, province, latitude, longitude';

export const findPark = async (tx: Tx, id: string): Promise<Park | undefined> => {
  const [row] = await tx.sql<Row>(`select ${columns} from parks where id = $1`, [id]);
  return row && parkOf(row);
};

/** All of them: there are some hundreds in the country. */
export const listParks = async (tx: Tx): Promise<Park[]> => (await tx.sql<Row>(`select ${columns} from parks order by province, city, name_fa`)).map(parkOf);

/** False when the id is taken. */
export const insertPark = async (tx: Tx, park: Park): Promise<boolean> =>
  (await tx.run(`insert into parks (${columns}, folded) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`, [
    park.id, park.name.fa, park.name.en, park.site, park.city, park.province, park.latitude, park.longitude, fold(`${park.name.fa} ${park.name.en} ${park.city}`)])) === 1;

const parkOf = ({ name_fa, name_en, ...row }: Row): Park => ({ ...row, name: { fa: name_fa, en: name_en } });
