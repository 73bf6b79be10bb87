import type { Fact } from '@peyvand/contracts';
import type { Tx } from '@peyvand/messaging';
import { releaseUnused } from '../domain/limit.js';
import { changeCover } from '../store/cover-book.js';

/** Of the matches these facts tell of, those with nothing left to ship and every delivery invoiced: what no debt uses of the reservation is free again. */
export const releaseComplete = async (tx: Tx, facts: readonly Fact<{ matchId: string }>[]): Promise<void> => {
  const rows = await tx.sql<{ match_id: string }>(
    `select match_id from matches m where match_id = any($1::uuid[]) and shipped
       and (select count(*) from cases c where c.match_id = m.match_id) >= deliveries`,
    [facts.map((fact) => fact.data.matchId)]);
  if (rows.length === 0) return;
  const last = new Map(facts.map((fact) => [fact.data.matchId, fact]));
  await changeCover(tx, rows.map((row) => row.match_id), releaseUnused, (matchId) => last.get(matchId));
};
