import { Controller } from '@nestjs/common';
import { DeliveryFailed, GoodsReceived, type DataOf, type Fact } from '@peyvand/contracts';
import { NotYet, OnFacts, type Tx } from '@peyvand/messaging';
import { releaseComplete } from './release-complete.js';

type Ended = Fact<DataOf<typeof GoodsReceived> | DataOf<typeof DeliveryFailed>>;

/** Counts the deliveries that will be invoiced and notes when nothing more will come. */
@Controller()
export class OnGoodsReceived {
  @OnFacts([GoodsReceived, DeliveryFailed])
  async count(facts: Ended[], tx: Tx): Promise<void> {
    const known = await tx.sql<{ match_id: string }>(
      // Several facts of one match may stand in the batch, so they are summed before they meet the table.
      `update matches m set deliveries = deliveries + s.accepted, shipped = m.shipped or s.shipped
       from (select match_id, sum(accepted)::int as accepted, bool_or(shipped) as shipped
             from unnest($1::uuid[], $2::int[], $3::boolean[]) as d(match_id, accepted, shipped) group by match_id) s
       where m.match_id = s.match_id returning m.match_id`,
      [facts.map((f) => f.data.matchId), facts.map((f) => (acceptedAnything(f) ? 1 : 0)), facts.map((f) => f.data.remaining === 0)]);
    const missing = facts.find((fact) => !known.some((row) => row.match_id === fact.data.matchId));
    if (missing !== undefined) throw new NotYet('MatchMade', missing.data.matchId);
    await releaseComplete(tx, facts);
  }
}

const acceptedAnything = ({ data }: Ended): boolean => 'lines' in data && data.lines.some((line) => line.accepted > 0);
