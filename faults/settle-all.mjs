import { setTimeout as sleep } from 'node:timers/promises';
import { startHands } from './hands.mjs';
import { checkAll } from './invariants/index.mjs';
import { services } from './platform.mjs';
import { businessNow, calm } from './run.mjs';
import { advanceClock } from './schedule.mjs';

const [days, finestMs] = [60, 24 * 3_600_000];

/** After the last run: sixty business days in steps, deadline by deadline; then no order may be open any more, and everything holds still. */
export const settleAll = async (scene, say) => {
  const { platform, world, as, recorder } = scene;
  const hands = startHands({ as, world, platform });
  const target = (await businessNow(platform)) + days * 86_400_000;
  for (let now = await businessNow(platform), steps = 0; now < target; now = await businessNow(platform), steps++) {
    const dues = [];
    for (const service of services) dues.push(...(await platform.query(service, `select min(due_at) as due from deadlines where state = 'due' and due_at > to_timestamp($1 / 1000.0)`, [now])).flatMap(({ due }) => (due === null ? [] : [due.getTime()])));
    const next = dues.length === 0 ? target : Math.min(...dues);
    await advanceClock(platform, Math.min(target, Math.max(next, now + finestMs)) - now + 1);
    // Every process has read the row.
    await sleep(450);
    await calm({ platform, hands });
    if (steps % 20 === 19) say(`          ${Math.round((target - now) / 86_400_000)} business days to go`);
  }
  await hands.stop();
  await recorder.sync();
  const answers = await checkAll({ ...scene, records: recorder.records, now: await businessNow(platform) });
  const open = await platform.query('orders', `select o.order_id, o.po_number, o.status, (select json_agg(json_build_object('match', m.match_id, 'state', m.state)) from matches m where m.order_id = o.order_id and m.open) as matches from orders o where o.status = 'open' limit 20`);
  const ended = Object.fromEntries((await platform.query('orders', 'select status, count(*)::int as n from orders group by 1 order by 1')).map(({ status, n }) => [status, n]));
  answers.push({ name: 'sixty days later every order has come to its end', unit: 'orders', looked: Object.values(ended).reduce((sum, n) => sum + n, 0), broken: open });
  const broken = answers.filter(({ broken: rows }) => rows.length > 0);
  return { answers, broken, says: `${days} business days later: ${JSON.stringify(ended)}${broken.length === 0 ? '; all holds' : `; BROKEN ${JSON.stringify(broken.map(({ name, broken: rows }) => ({ name, rows: rows.slice(0, 5) })), null, 1)}`}` };
};
