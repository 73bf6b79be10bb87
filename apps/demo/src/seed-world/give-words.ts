import { standing, pricing } from '../world/habits.js';
import { networks, producers } from '../world/parties.js';

/** Places one request under a fixed key; made on an earlier run is as good. */
export type Send = <T>(user: string, method: 'POST' | 'PUT', path: string, body: unknown, key: string) => Promise<T | undefined>;

/**
 * One producer accepts, invoices, draws and sells by standing instruction, one bank bids so, and one chain's office approves exact invoices
 * up to a ceiling. They are visited by the demo's people only for what no instruction covers.
 */
export const giveWords = async (send: Send): Promise<void> => {
  const [seller, funder, { rate, fee }] = [`${standing.producer}.producer`, `${standing.funder}.funder`, pricing[standing.funder]];
  await Promise.all([
    send(seller, 'PUT', '/api/orders/standing-acceptance', { accept: 'automatic', upTo: '20000000000' }, 'word-acceptance'),
    send(seller, 'PUT', '/api/delivery/standing-invoicing', { invoice: 'on-receipt', prefix: standing.producer.slice(0, 3).toUpperCase() }, 'word-invoicing'),
    send(seller, 'PUT', '/api/financing/standing-sale', { draw: 'on-approval', choose: 'best-at-close' }, 'word-sale'),
    ...[...Object.values(networks), producers.gamak].map(({ id }) =>
      send(funder, 'PUT', '/api/financing/standing-bids', { debtorId: id, rate, fee: String(fee), maxFace: '50000000000', validHours: 120 }, `word-bid-${id}`)),
    approvalPolicy(send),
  ]);
};

/** Proposed by one person and put in force by another. */
const approvalPolicy = async (send: Send): Promise<void> => {
  const policy = await send<{ policyId: string }>(`${standing.network}.buyer`, 'PUT', '/api/delivery/approval-policy', { upTo: '3000000000' }, 'word-policy');
  if (policy !== undefined) await send(`${standing.network}.approver`, 'POST', `/api/delivery/approval-policy/${policy.policyId}/approve`, {}, 'word-policy-approved');
};
