import type { Tx } from '@peyvand/messaging';
import type { Buyer } from '../domain/buyer.js';

type Row = Omit<Buyer, 'networkId' | 'phone'> & { network_id: string; phone: string | null };

const columns = 'id, network_id, subject, name, phone, roles, active, version';

/** False when the id or the person is registered already. */
export const insertBuyer = async (tx: Tx, buyer: Buyer): Promise<boolean> =>
  (await tx.run(`insert into buyers (${columns}, parties) values ($1, $2, $3, $4, $5, $6, $7, $8, array[$2::uuid]) on conflict do nothing`, [
    buyer.id, buyer.networkId, buyer.subject, buyer.name, buyer.phone ?? null, buyer.roles, buyer.active, buyer.version])) === 1;

export const findBuyer = async (tx: Tx, id: string): Promise<Buyer | undefined> => {
  const [row] = await tx.sql<Row>(`select ${columns} from buyers where id = $1`, [id]);
  return row && buyerOf(row);
};

/** False when the row is not at this version any more. */
export const updateBuyer = async (tx: Tx, buyer: Buyer): Promise<boolean> =>
  (await tx.run('update buyers set name = $3, phone = $4, roles = $5, active = $6, version = version + 1 where id = $1 and version = $2', [
    buyer.id, buyer.version, buyer.name, buyer.phone ?? null, buyer.roles, buyer.active])) === 1;

export const listBuyers = async (tx: Tx, networkId: string): Promise<Buyer[]> =>
  (await tx.sql<Row>(`select ${columns} from buyers where network_id = $1 order by id`, [networkId])).map(buyerOf);

const buyerOf = ({ network_id, phone, ...row }: Row): Buyer => ({ ...row, networkId: network_id, ...(phone !== null && { phone }) });
