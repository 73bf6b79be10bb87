// What the trade asks for during a run: everything a buyer may do, made up from the seed, often sent twice.
import { setTimeout as sleep } from 'node:timers/promises';

const terms = [{ days: 3, base: 'invoice', instrument: 'barat' }, { days: 0, base: 'invoice', instrument: 'cash' }, undefined];

/** New goods for a run, of four makers that compete in pairs, with less capacity than will be asked for. Answers them and the places. */
export const offerGoods = async ({ as, world, platform, random, tag, day }) => {
  const goods = [];
  for (const seller of world.sellers.slice(0, 4)) {
    const product = {
      id: random.uuid(), market: `run-${tag.toLowerCase()}`, title: { fa: `کالای ${tag}`, en: `Goods ${tag}` }, unit: 'PR', vatCategory: 'standard', weightGrams: 400,
      variants: Array.from({ length: 2 }, (_, n) => ({ id: random.uuid(), code: `${tag}-${seller.id.slice(-3)}-${n}` })),
    };
    const prices = terms.slice(0, 2).map((term, n) => ({ terms: term, price: { amount: String(900_000 + random.whole(0, 99) * 1_000 + n * -20_000), per: 1 }, validUntil: '2060-03-20' }));
    const offers = product.variants.map(({ id }) => ({ id: random.uuid(), variantId: id, capacity: random.whole(75, 250) * 2, ...random.pick([{ minimum: 1, lot: 1 }, { minimum: 1, lot: 1 }, { minimum: 5, lot: 1 }, { minimum: 2, lot: 2 }]), leadDays: 2, from: day(0), until: '2060-03-20', grade: 'A', prices }));
    await insist(() => as(seller.id, 'producer').call('POST', 'producers', '/api/producers/catalogue', { products: [{ ...product, offers }] }, random.uuid()));
    goods.push(...offers.map(({ id: offerId, variantId, capacity }) => ({ sellerId: seller.id, offerId, variantId, capacity })));
  }
  // An order for goods that orders has not heard of yet is refused, and rightly: a file full of them would be.
  const heard = async () => (await platform.query('orders', 'select count(*)::int as n from variants where variant_id = any($1::uuid[])', [goods.map(({ variantId }) => variantId)]))[0].n === goods.length;
  for (const until = Date.now() + 60_000; !(await heard()); await sleep(50)) if (Date.now() > until) throw new Error('Orders has not heard of the new goods within a minute');
  return goods;
};

/** Asks until it is done: what stands before a run, not in it. */
const insist = async (ask) => {
  for (let tries = 1; ; tries++) {
    const { status, body } = await ask();
    if (status >= 200 && status < 300) return body;
    if (tries === 40 || [400, 422].includes(status)) throw new Error(`Not accepted: ${status} ${JSON.stringify(body).slice(0, 500)}`);
    await sleep(250);
  }
};

/**
 * Sends for `ms` wall milliseconds. Answers what was promised: every order that was accepted (or may have been), by whom, with its quantity.
 */
export const sendTraffic = async ({ as, world, goods, random, tag, day, ms, pace }) => {
  const end = Date.now() + ms;
  const promised = new Map();
  const counts = { orders: 0, imports: 0, changes: 0, cancellations: 0, 'offers changed': 0, duplicates: 0, 'answers lost': 0, refused: 0 };
  let numbers = 0;
  const lineOf = () => ({ variantId: random.pick(goods).variantId, quantity: random.whole(2, 40), shipTo: 'DC-01', neededBy: day(random.whole(12, 25)), fillPolicy: random.pick(['partial', 'partial', 'all-or-none', 'back-order']) });
  /** The same request once more with the same key, as a client does that got no answer; an answer that came must come again. */
  const send = async (buyer, method, path, body, agrees = (one, other) => JSON.stringify(one) === JSON.stringify(other)) => {
    const key = random.uuid();
    let answer = await buyer.call(method, 'orders', path, body, key);
    if (answer.status === 500) throw new Error(`Answered 500: ${JSON.stringify([method, path, answer.body]).slice(0, 800)}`);
    for (let tries = 0; undecided(answer) && tries < 80; tries++) {
      counts['answers lost'] += 1;
      await sleep(250);
      answer = await buyer.call(method, 'orders', path, body, key);
    }
    if (random.chance(0.3) && !undecided(answer)) {
      counts.duplicates += 1;
      const again = await buyer.call(method, 'orders', path, body, key);
      // What was refused is not remembered: by now it may be allowed.
      if (answer.status < 300 && !undecided(again) && (again.status !== answer.status || !agrees(again.body, answer.body))) {
        throw new Error(`The same request with the same key was answered otherwise: ${JSON.stringify([method, path, answer, again]).slice(0, 1_500)}`);
      }
      if (answer.status >= 400 && !undecided(again)) answer = again;
    }
    if (answer.status >= 400) counts.refused += 1;
    return answer;
  };
  const submit = async (buyer) => {
    const [poNumber, lines] = [`${tag}-${(numbers += 1)}`, Array.from({ length: random.whole(1, 3) }, lineOf)];
    const answer = await send(buyer, 'POST', '/api/orders', { poNumber, award: random.pick(['automatic', 'automatic', 'automatic', 'approver']), lines: lines.map((line) => ({ ...line, ...optional('terms', random.pick(terms)) })) });
    counts.orders += 1;
    promised.set(`${buyer.party} ${poNumber}`, { buyerId: buyer.party, poNumber, orderId: answer.body?.orderId, lineIds: answer.body?.lineIds, units: lines.reduce((sum, { quantity }) => sum + quantity, 0), sure: answer.status === 201, refused: answer.status >= 400 && answer.status < 500 ? (answer.body?.type ?? true) : false });
  };
  const bring = async (buyer) => {
    const rows = Array.from({ length: random.whole(3, 12) }, () => ({ poNumber: `${tag}-${(numbers += 1)}`, ...lineOf() }));
    const file = `po number,variant id,quantity,place code,needed by,fill policy\n${rows.map(({ poNumber, variantId, quantity, neededBy, fillPolicy }) => `${poNumber},${variantId},${quantity},DC-01,${neededBy},${fillPolicy}`).join('\n')}\n`;
    const answer = await send(buyer, 'POST', '/api/orders/import?mode=commit', file, (one, other) => one.importId === other.importId);
    counts.imports += 1;
    for (const { poNumber, quantity } of rows) promised.set(`${buyer.party} ${poNumber}`, { buyerId: buyer.party, poNumber, importId: answer.body?.importId, units: quantity, sure: answer.status === 202, refused: answer.status >= 400 && answer.status < 500 ? (answer.body?.type ?? true) : false });
  };
  const known = () => [...promised.values()].filter(({ orderId, cancelled }) => orderId !== undefined && !cancelled);
  const change = async () => {
    const order = random.pick(known());
    if (order === undefined) return;
    counts.changes += 1;
    order.changed = true;
    await send(as(order.buyerId, 'buyer'), 'PATCH', `/api/orders/${order.orderId}`, { lines: [{ lineId: random.pick(order.lineIds), quantity: random.whole(5, 60) }] });
  };
  const cancel = async () => {
    const order = random.pick(known());
    if (order === undefined) return;
    counts.cancellations += 1;
    order.cancelled = true;
    await send(as(order.buyerId, 'buyer'), 'POST', `/api/orders/${order.orderId}/cancel`, { reason: 'season-over' });
  };
  const reoffer = async () => {
    const { sellerId, offerId, capacity } = random.pick(goods);
    counts['offers changed'] += 1;
    await as(sellerId, 'producer').call('PATCH', 'producers', `/api/producers/offers/${offerId}`, { capacity: Math.max(10, Math.round(capacity * (0.4 + random.next()))) }, random.uuid());
  };
  const kinds = [submit, submit, submit, submit, bring, change, cancel, reoffer];
  const one = async () => {
    while (Date.now() < end) {
      await random.pick(kinds)(as(random.pick(world.chains).id, 'buyer'));
      await sleep(random.whole(0, pace));
    }
  };
  await Promise.all(Array.from({ length: 4 }, one));
  return { promised: [...promised.values()], counts };
};

/** Nothing came, or the answer says to ask again with the same key. */
const undecided = ({ status, body }) => status === 0 || status >= 500 || (status === 409 && /idempotency-key-in-flight/.test(body?.type));

const optional = (name, value) => (value === undefined ? {} : { [name]: value });
