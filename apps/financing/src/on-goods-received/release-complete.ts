import type { Fact } from '@peyvand/contracts';
import type { Tx } from '@peyvand/messaging';
import { releaseUnused } from '../domain/limit.js';
import { openCoverBook } from '../store/limits.store.js';

/** Of the matches these facts tell of, those with nothing left to ship and every delivery invoiced: what no debt uses of the reservation is free again. */
export const releaseComplete = async (tx: Tx, facts: readonly Fact<{ matchId: string }>[]): Promise<void> => {
  const rows = await tx.sql<{ match_id: string }>(
    `select match_id from matches m where match_id = any($1::uuid[]) and shipped
       and (select count(*) from cases c where c.match_id = m.match_id) >= deliveries`,
    [facts.map((fact) => fact.data.matchId)]);
  if (rows.length === 0) return;
  const book = await openCoverBook(tx, rows.map((row) => row.match_id));
  for (const { match_id: matchId } of rows) {
    for (const covered of book.coveredBy(matchId)) {
      const decision = releaseUnused(covered);
      if (!decision.ok) continue;
      book.put(decision.state);
      await tx.publish(decision.events, facts.findLast((fact) => fact.data.matchId === matchId));
    }
  }
  await book.save(tx);
};
