// The checker itself: on a platform that traded in peace, one thing after the other is made wrong behind its back, and the invariant that
// watches it must say so.
import { callersOf } from '../callers.mjs';
import { checkAll } from '../invariants/index.mjs';
import { startPlatform } from '../platform.mjs';
import { recordTopics } from '../recorder.mjs';
import { businessNow, runOnce } from '../run.mjs';
import { makeWorld } from '../world.mjs';

/** The match of an order arrives before the order. */
const swap = (records) => {
  const at = (type) => records.findIndex(({ headers, key }) => headers.ce_type === type && records.some((one) => one.key === key && one.headers.ce_type === 'ir.peyvand.orders.MatchMade.v1'));
  const first = at('ir.peyvand.orders.OrderSubmitted.v1');
  const second = records.findIndex(({ headers, key }) => key === records[first].key && headers.ce_type === 'ir.peyvand.orders.MatchMade.v1');
  [records[first], records[second]] = [records[second], records[first]];
};

/** [what is done, in whose database, the statement, the beginning of the invariant that must notice]. */
const tamperings = [
  ['a match arrived before its order', 'records', swap, 'facts of a key arrive'],
  ['a fact was never heard', 'financing', `delete from inbox where id = (select id from inbox where consumer_group = 'financing' limit 1)`, 'every fact is handled'],
  ['a fact left the story', 'orders', 'delete from story where fact_id = (select fact_id from story limit 1)', 'story and feed'],
  ['a match was made twice', 'orders', `insert into facts (id, type, key, time, recordedtime, correlationid, parties, data) select gen_random_uuid(), type, key, time, recordedtime, correlationid, parties, data from facts where type = 'ir.peyvand.orders.MatchMade.v1' limit 1`, 'what may happen once'],
  ['a fact was stored and not told', 'delivery', `insert into facts (id, type, key, time, recordedtime, correlationid, parties, data) select gen_random_uuid(), type, key, time, recordedtime, correlationid, parties, data from facts limit 1`, 'every stored fact is told'],
  ['an offer is committed beyond its word', 'orders', 'update offers set ceiling = ceiling + 1000000, committed = committed + 1000000 where offer_id = (select offer_id from offers where committed > 0 limit 1)', 'no offer is committed'],
  ['a unit was matched that no match holds', 'orders', 'update lines set matched = matched + 1, quantity = quantity + 1 where line_id = (select line_id from lines where matched > 0 limit 1)', 'ordered = matched'],
  ['an order vanished', 'orders', `with gone as (delete from orders where order_id = (select order_id from orders order by submitted_at limit 1) returning order_id) delete from lines using gone where lines.order_id = gone.order_id`, 'every order that was promised'],
  ['financing heard another amount', 'financing', `update matches set amount = amount + 1 where match_id = (select match_id from matches where state = 'reserved' limit 1)`, 'orders, delivery and financing'],
  ['a limit carries a rial too much', 'financing', 'update limits set taken = taken + 1 where limit_id = (select limit_id from limits where taken > 0 limit 1)', 'what is taken of a limit'],
  ['the bank paid and the books say it did not', 'financing', `update payments set state = 'refused' where payment_id = (select payment_id from payments where state = 'done' limit 1)`, 'the bank moved each payment once'],
  ['a rial was booked on a settled case', 'financing', `insert into transfers select 'rig', 0, kind, case_id, debit_party, debit_case, debit_kind, credit_party, credit_case, 'cash', 1, posted_at, parties from transfers where debit_kind = 'claim' limit 1;
    update cases set status = 'settled' where case_id = (select debit_case from transfers where happening_id = 'rig')`, 'the ledger is at zero'],
  ['a receivable is claimed twice', 'financing', `drop index one_active_lien; insert into liens select gen_random_uuid(), case_id, holder_id, kind, placed_on, true, parties from liens where active limit 1`, 'a receivable has one case'],
  ['a fact was changed after it was sealed', 'orders', `update facts set data = replace(data::text, '"', ' "')::json where seq = (select lower(seqs) from seals order by number limit 1)`, 'every sealed fact stands'],
  ['a fact forgot its cause', 'delivery', 'update facts set causationid = null where seq = (select max(seq) from facts)', 'every fact names its cause'],
  ['a fact was set aside', 'edge', `insert into parked (consumer_group, id, key, topic, type, fact, state) values ('edge', gen_random_uuid(), 'rig', 'peyvand.orders', 'x', '{}', 'parked')`, 'only the rig’s own poison'],
  ['a line lost its last day', 'orders', `delete from deadlines where kind = 'orders/lapse' and key in (select l.line_id::text from lines l join orders o using (order_id) where o.status = 'open' and (l.waiting > 0 or (l.unmatched > 0 and not l.final)))`, 'no deadline is overdue'],
];

const checker = async ({ seed }) => {
  const platform = await startPlatform({ embedded: true });
  let recorder;
  try {
    const world = await makeWorld(platform);
    recorder = await recordTopics(platform);
    const scene = { platform, world, recorder, as: callersOf(platform), poison: new Set(), checked: {}, sealedTo: {}, known: new Set(), promised: [] };
    const run = await runOnce(scene, { seed, schedule: [] });
    // From here on nothing may run that would mend or trip over what is done.
    for (const unit of platform.units) await platform.kill(unit);
    const [noticed, missed] = [[], []];
    for (const [what, service, statement, by] of tamperings) {
      if (service === 'records') statement(recorder.records);
      else await platform.query(service, statement);
      const answers = await checkAll({ ...scene, checked: {}, sealedTo: {}, known: new Set(), records: recorder.records, promised: scene.promised, now: await businessNow(platform) });
      const caught = answers.find(({ name, broken }) => name.startsWith(by) && broken.length > 0);
      (caught === undefined ? missed : noticed).push(caught === undefined ? `not noticed: ${what}` : `${what} (${caught.name})`);
    }
    return { healthy: [...run.broken.map(({ name }) => name), ...missed], broken: noticed };
  } finally {
    await recorder?.close();
    await platform.stop();
  }
};

export const tamperControls = {
  checker: { says: 'rows are changed behind the platform’s back, one after the other', run: checker },
};
