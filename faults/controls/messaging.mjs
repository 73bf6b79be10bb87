// Messaging that is wrong on purpose, each in one respect.
import { setTimeout as sleep } from 'node:timers/promises';
import { transact } from '@peyvand/messaging';
import { addEffects, factsOf, killConnections, trade } from './trade.mjs';

/** Reads the facts by number and remembers the highest: what commits behind it is never seen. */
const cursorRelay = ({ source, log }) => loop(async (state) => {
  const rows = await source.data.query('select seq::int as seq, id, type, key, data from facts where seq > $1 order by seq limit 100', [state.last ?? 0]);
  if (rows.length === 0) return;
  await log.broker.produce('peyvand.orders', rows.map(({ id, type, key, data }) => ({ key, value: JSON.stringify(data), headers: headersOf(id, type, key) })));
  state.last = rows.at(-1).seq;
});

const headersOf = (id, type, key) => {
  const now = new Date().toISOString();
  return { 'ce_specversion': '1.0', 'ce_id': id, 'ce_type': type, 'ce_source': '/peyvand/orders', 'ce_time': now, 'ce_recordedtime': now, 'ce_correlationid': 'c', 'ce_partitionkey': key, 'content-type': 'application/json' };
};

const loop = async (turn) => {
  const state = {};
  let going = true;
  const running = (async () => {
    for (; going; await sleep(5)) await turn(state).catch(() => {});
  })();
  return async () => {
    going = false;
    await running;
  };
};

const subscribed = async ({ log }, onBatch) => {
  const subscription = await log.broker.subscribe({ group: 'control', topics: ['peyvand.orders'], batch: 100, atOnce: 1, onBatch });
  return () => subscription.close();
};

/** Takes effect for whatever comes. */
const withoutInbox = ({ source, log }) => subscribed({ log }, (messages) => transact(source, (tx) => addEffects(tx, factsOf(messages))));

/** Stores how far it has come, then does it. */
const offsetFirst = ({ source, log, dies }) => subscribed({ log }, async (messages) => {
  log.stored.set('control', Number(messages.at(-1).offset) + 1);
  await transact(source, async (tx) => {
    const fresh = await notSeen(tx, factsOf(messages));
    await addEffects(tx, fresh);
    if (fresh.length > 0 && dies()) await killConnections(source);
  });
});

/** Takes effect in one transaction and remembers it in another. */
const twoTransactions = ({ source, log, dies }) => subscribed({ log }, async (messages) => {
  const seen = new Set((await source.data.query('select id from naive_inbox')).map(({ id }) => id));
  const fresh = factsOf(messages).filter(({ id }, at, all) => !seen.has(id) && all.findIndex((one) => one.id === id) === at);
  await transact(source, (tx) => addEffects(tx, fresh));
  if (fresh.length > 0 && dies()) throw new Error('died between the two');
  await transact(source, (tx) => tx.run('insert into naive_inbox select * from unnest($1::uuid[]) on conflict do nothing', [fresh.map(({ id }) => id)]));
});

const notSeen = async (tx, facts) => {
  const fresh = new Set((await tx.sql('insert into naive_inbox select distinct id from unnest($1::uuid[]) as t(id) on conflict do nothing returning id', [facts.map(({ id }) => id)])).map(({ id }) => id));
  return facts.filter(({ id }, at) => fresh.has(id) && facts.findIndex((one) => one.id === id) === at);
};

const against = (says, broken) => ({ says, run: async ({ seed }) => ({ healthy: await trade({ seed }), broken: await trade({ seed, ...broken }) }) });

export const messagingControls = {
  'relay-by-id-cursor': against('the relay remembers the highest number it has read', { relay: cursorRelay }),
  'inbox-off': against('the consumer has no inbox', { consume: withoutInbox }),
  'offset-before-effect': against('the offset is stored before the effect', { consume: offsetFirst }),
  'two-transactions': against('effect and inbox are two transactions', { consume: twoTransactions }),
};
