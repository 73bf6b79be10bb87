import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MatchMade, OrderSubmitted } from '@peyvand/contracts';
import { transact } from '@peyvand/messaging';
import { aWorld, market, onAccount, type World } from '../../test/world.js';
import { settings } from '../orders.config.js';
import { decideRound } from './decide-round.js';
import { loadRound } from './load-round.js';
import { commitRound, matchMarket } from './match-market.js';

let world: World;
beforeEach(async () => {
  // No broker: orders reach the queue only when their fact is handed over, so rounds begin when the test says.
  world = await aWorld({}, {});
});
afterEach(() => world.close());

const round = () => transact(world.app.source, (tx) => loadRound(tx, market, settings));
const queued = async (...orders: string[]) => {
  const facts = (await world.app.facts(OrderSubmitted)).filter(({ key }) => orders.includes(key));
  await world.app.sql(`insert into queue (line_id, order_id, market, variant_id, causationid, correlationid) select line_id, order_id, market, variant_id, $1, $1 from lines where order_id = any($2::uuid[])`, [facts[0]?.id, orders]);
};

describe('a round of a market', () => {
  it('that was overtaken writes nothing: its epoch is a fence', async () => {
    await world.offer();
    const orderId = await world.submit([{}]);
    await queued(orderId);
    const sleeper = await round();
    await round();
    await expect(commitRound(world.app.source, sleeper, decideRound(sleeper, world.app.clock.now(), settings))).rejects.toThrow('A newer round began');
    expect(await world.app.facts(MatchMade)).toEqual([]);
    await matchMarket(world.app.source, market);
    expect((await world.read(orderId)).lines).toMatchObject([{ matched: 100 }]);
  });

  it.each([
    ['the offer was taken by others', `update offers set committed = 950`, 'An offer changed'],
    ['the offer has a new revision', `update offers set revision = revision + 1`, 'An offer changed'],
    ['its producer was suspended', `update producers set standing = 'suspended'`, 'An offer changed'],
    ['the line was changed', `update lines set version = version + 1`, 'A line changed'],
  ])('writes nothing when meanwhile %s', async (_, meanwhile, reason) => {
    await world.offer();
    await queued(await world.submit([{}]));
    const reckoned = await round();
    await world.app.sql(meanwhile);
    await expect(commitRound(world.app.source, reckoned, decideRound(reckoned, world.app.clock.now(), settings))).rejects.toThrow(reason);
    expect(await world.app.sql('select matched, waiting from lines')).toEqual([{ matched: 0, waiting: 100 }]);
    expect(await world.app.sql('select * from matches')).toEqual([]);
  });

  it('may be run twice at once and sells nothing twice', async () => {
    await world.offer({ capacity: 450 });
    await queued(...(await Promise.all(Array.from({ length: 10 }, () => world.submit([{}])))));
    await Promise.all([matchMarket(world.app.source, market), matchMarket(world.app.source, market)]);
    expect(await world.app.sql(`select sum(matched)::int as matched, sum(unmatched)::int as unmatched from lines`)).toEqual([{ matched: 450, unmatched: 550 }]);
    expect(await world.app.sql('select committed from offers')).toEqual([{ committed: 450 }]);
  });

  it('sets aside the one line that spoils it and matches the others', async () => {
    await world.offer();
    const spoilt = await world.submit([{ quantity: 2, neededBy: '2026-04-02' }]);
    await world.app.sql(`alter table matches add constraint spoils check (order_id <> '${spoilt}')`);
    await queued(spoilt, ...(await Promise.all(Array.from({ length: 6 }, () => world.submit([{ quantity: 1 }])))));
    await matchMarket(world.app.source, market);
    expect(await world.app.sql('select order_id, error from queue')).toEqual([{ order_id: spoilt, error: expect.stringContaining('spoils') }]);
    expect(await world.app.sql('select count(*)::int as matches from matches')).toEqual([{ matches: 6 }]);
    await world.app.clock.advanceTo('2026-04-03T00:00:00Z');
    expect(await world.read(spoilt)).toMatchObject({ status: 'unmatched' });
  });

  it('does not mind a producer that asks for more than there is', async () => {
    await world.offer({ capacity: 1_000_000_000, prices: [{ terms: onAccount, price: { amount: '9223372036854775807', per: 1 }, validUntil: '2026-12-20' }] });
    await world.offer();
    const orderId = await world.submit([{ quantity: 1_100 }]);
    await queued(orderId);
    await matchMarket(world.app.source, market);
    expect(await world.read(orderId)).toMatchObject({ lines: [{ matched: 1_000, unmatched: 100, reason: 'no-capacity' }], matches: [{ amount: '4150000000' }] });
  });
});
