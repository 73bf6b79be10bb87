import { Controller } from '@nestjs/common';
import { CaseSettled, FinancingDeclined, LimitReserved, MatchSecured, type DataOf, type Fact } from '@peyvand/contracts';
import { addDays, addHours, day, endOfDay } from '@peyvand/kernel';
import { NotYet, OnFacts, type Tx } from '@peyvand/messaging';
import { heardOfMatches } from '../close-order/finish-matches.js';
import { settings } from '../orders.config.js';
import { noteShipments } from '../store/shipment.store.js';

const secure = `
  update matches m set state = 'secured', secured_by = r.secured_by, version = m.version + 1
  from unnest($1::uuid[], $2::text[]) as r(match_id, secured_by) where m.match_id = r.match_id and m.state = 'accepted'
  returning m.match_id, m.promised_by::text as promised_by`;

const decline = `
  update matches m set financing_declined = true, version = m.version + 1 where m.match_id = any($1::uuid[]) and m.state = 'accepted' and not m.financing_declined returning m.match_id`;

@Controller()
export class OnFinancing {
  /** A limit carries the match: goods may leave. A match released or secured otherwise meanwhile stays as it is; financing hears of the release. */
  @OnFacts(LimitReserved)
  async reserve(facts: Fact<DataOf<typeof LimitReserved>>[], tx: Tx): Promise<void> {
    const byMatch = new Map(facts.map((fact) => [fact.data.matchId, fact]));
    const secured = await tx.sql<{ match_id: string; promised_by: string }>(secure, [[...byMatch.keys()], [...byMatch.values()].map(({ data }) => `${data.kind}-limit`)]);
    await needAll(tx, [...byMatch.keys()], secured.length);
    for (const { match_id } of secured) {
      const fact = byMatch.get(match_id);
      if (fact === undefined) continue;
      const { orderId, matchId, buyerId, sellerId, kind } = fact.data;
      await tx.publish(MatchSecured.of({ orderId, matchId, buyerId, sellerId, by: `${kind}-limit` }), fact);
    }
    await tx.schedule(secured.map(({ match_id, promised_by }) => ({
      kind: 'orders/match-overdue', key: match_id, dueAt: endOfDay(addDays(day(promised_by), settings.dispatchGraceDays)), data: { correlationid: byMatch.get(match_id)?.correlationid },
    })));
  }

  /** No limit anywhere: the seller has a while to give its word (open terms, or cash first); nothing is blocked in silence. */
  @OnFacts(FinancingDeclined)
  async decline(facts: Fact<DataOf<typeof FinancingDeclined>>[], tx: Tx): Promise<void> {
    const byMatch = new Map(facts.map((fact) => [fact.data.matchId, fact]));
    const waiting = await tx.sql<{ match_id: string }>(decline, [[...byMatch.keys()]]);
    await needAll(tx, [...byMatch.keys()], waiting.length);
    await tx.schedule(waiting.map(({ match_id }) => ({
      kind: 'orders/match-overdue', key: match_id, dueAt: addHours(tx.now, settings.wordHours), data: { correlationid: byMatch.get(match_id)?.correlationid },
    })));
  }

  /** Nothing is owed for that shipment any more. May come before its receipt is heard (another topic), so it is only noted. */
  @OnFacts(CaseSettled)
  async settle(facts: Fact<DataOf<typeof CaseSettled>>[], tx: Tx): Promise<void> {
    await heardOfMatches(tx, facts, () => noteShipments(tx, facts.map(({ data }) => ({ ...data, settled: true }))));
  }
}

/** A match we have never made cannot be financed: its fact is on its way (restored from a backup, say). */
const needAll = async (tx: Tx, matchIds: readonly string[], changed: number): Promise<void> => {
  if (changed === matchIds.length) return;
  const rows = await tx.sql<{ match_id: string }>('select match_id from matches where match_id = any($1::uuid[])', [matchIds]);
  const known = new Set(rows.map((row) => row.match_id));
  const missing = matchIds.find((id) => !known.has(id));
  if (missing !== undefined) throw new NotYet('MatchMade', missing);
};
