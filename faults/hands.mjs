// Everybody else in the trade: they read their lists and do what is to be done there, and try again when no answer comes.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { listOf } from './callers.mjs';

/** What people decide is a matter of what they decide on, so that it does not change when they are asked again. */
const shareOf = (id) => Number.parseInt(createHash('sha256').update(id).digest('hex').slice(0, 6), 16) / 0xffffff;

const atOnce = 7;

/** Starts everybody; `idle()` is true when the last round of lists had nothing to do. */
export const startHands = ({ as, world, platform }) => {
  const done = {};
  const count = (what, n = 1) => (done[what] = (done[what] ?? 0) + n);
  let [going, quietRounds] = [true, 0];
  const duties = [
    ...world.sellers.flatMap(({ id }) => [answerOrders(as(id, 'producer')), dispatch(as(id, 'producer'))]),
    ...world.chains.flatMap(({ id }) => [answerChanges(as(id, 'buyer')), award(as(id, 'approver')), sign(as(id, 'signatory')), receive(as(id, 'storekeeper'), platform)]),
  ];
  const rounds = (async () => {
    while (going) {
      let acted = 0;
      for (let at = 0; at < duties.length && going; at += atOnce) {
        // What cannot be read now (a service is down) is there at the next round.
        const did = await Promise.all(duties.slice(at, at + atOnce).map((duty) => duty(count).catch(() => 1)));
        acted += did.reduce((sum, n) => sum + n, 0);
      }
      quietRounds = acted === 0 ? quietRounds + 1 : 0;
      await sleep(100);
    }
  })();
  return { done, idle: () => quietRounds > 0, again: () => { quietRounds = 0; }, stop: () => { going = false; return rounds; } };
};

const answerOrders = (seller) => async (count) => {
  const issued = (await listOf(seller, 'orders', '/api/orders/matches?status=issued')).filter(({ sellerId }) => sellerId === seller.party);
  for (const { matchId, lines } of issued) {
    const share = shareOf(matchId);
    const body = share < 0.7 ? { answer: 'accept' } : share < 0.85 ? { answer: 'decline', reason: 'no-material' } : { answer: 'change', lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity: Math.max(1, quantity - 1) })) };
    const { status } = await seller.call('POST', 'orders', `/api/orders/matches/${matchId}/answer`, body);
    count(status < 300 && status > 0 ? body.answer : 'not answered');
  }
  return issued.length;
};

const answerChanges = (buyer) => async (count) => {
  const open = await listOf(buyer, 'orders', '/api/orders/matches?status=change-proposed');
  for (const { matchId } of open) {
    await buyer.call('POST', 'orders', `/api/orders/matches/${matchId}/change-answer`, { answer: shareOf(`change ${matchId}`) < 0.5 ? 'accept' : 'refuse' });
    count('answer to a change');
  }
  return open.length;
};

const award = (approver) => async (count) => {
  const open = new Set((await listOf(approver, 'orders', '/api/orders/matches?status=proposed')).map(({ orderId }) => orderId));
  for (const orderId of open) {
    await approver.call('POST', 'orders', `/api/orders/${orderId}/award`, { decision: shareOf(orderId) < 0.85 ? 'approve' : 'refuse' });
    count('award');
  }
  return open.size;
};

const dispatch = (seller) => async (count) => {
  const ready = (await listOf(seller, 'delivery', '/api/delivery/shipments?status=planned')).filter(({ secured, sellerId }) => secured && sellerId === seller.party);
  if (ready.length > 0) await seller.call('POST', 'delivery', '/api/delivery/dispatches', { dispatches: ready.map(({ shipmentId }) => ({ shipmentId, waybill: 'W-1' })) });
  count('dispatch', ready.length);
  return ready.length;
};

const receive = (storekeeper, platform) => async (count) => {
  const open = await listOf(storekeeper, 'delivery', '/api/delivery/shipments?status=dispatched');
  if (open.length === 0) return 0;
  // The storekeeper's telephone.
  const codes = new Map((await platform.query('delivery', 'select shipment_id, code from sms_outbox where shipment_id = any($1) order by id', [open.map(({ shipmentId }) => shipmentId)])).map(({ shipment_id: id, code }) => [id, code]));
  const receipts = open.filter(({ shipmentId }) => codes.has(shipmentId)).map(({ shipmentId, lines }) => ({ shipmentId, code: codes.get(shipmentId), lines: lines.map(({ lineId, quantity }) => countedOf(shipmentId, lineId, quantity)) }));
  if (receipts.length > 0) await storekeeper.call('POST', 'delivery', '/api/delivery/receipts', { receipts });
  count('receipt', receipts.length);
  return receipts.length;
};

/** One in ten lines comes short, one in ten has something to reject. */
const countedOf = (shipmentId, lineId, quantity) => {
  const share = shareOf(`${shipmentId} ${lineId}`);
  if (share < 0.1) return { lineId, received: quantity - 1, rejected: 0 };
  return share < 0.2 ? { lineId, received: quantity, rejected: 1, reason: 'stitching' } : { lineId, received: quantity, rejected: 0 };
};

const sign = (signatory) => async (count) => {
  const drawn = (await listOf(signatory, 'financing', '/api/financing/cases?paper=presented')).concat(await listOf(signatory, 'financing', '/api/financing/cases?paper=drawn')).flatMap(({ instrument }) => instrument?.instrumentId ?? []);
  if (drawn.length > 0) await signatory.call('POST', 'financing', '/api/financing/instruments/acceptances', { instrumentIds: drawn });
  count('signature', drawn.length);
  return drawn.length;
};
