import { Controller } from '@nestjs/common';
import { InstrumentAccepted, type DataOf, type Fact } from '@peyvand/contracts';
import { dayOf, newId } from '@peyvand/kernel';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { assignPaper, type ToAssign } from '../assign-paper/assign-paper.js';
import { chooseBid } from '../domain/financing-case.js';
import { bestBid, bidAsInstructed } from '../domain/standing-instructions.js';
import { maxTenorDays, yearDays } from '../financing.policy.js';
import { insertBids, type NewBid } from '../store/bids.store.js';
import { lockCases } from '../store/cases.store.js';
import { biddersOn, standingSales } from '../store/standing.store.js';

/**
 * Accepted paper meets the standing words: funders' bids are placed and, where the seller takes the best at once, chosen and assigned in
 * the same transaction. The drawee's signatory may see none of this, so it happens when the service hears its own fact.
 */
@Controller()
export class OnInstrumentAccepted {
  @OnFacts(InstrumentAccepted)
  async follow(facts: Fact<DataOf<typeof InstrumentAccepted>>[], tx: Tx): Promise<void> {
    const bidders = await biddersOn(tx, [...new Set(facts.map(({ data }) => data.buyerId))]);
    if (bidders.length === 0) return;
    const causes = new Map(facts.map((fact) => [fact.data.caseId, fact]));
    const files = await lockCases(tx, 'case_id', [...causes.keys()]);
    const sales = await standingSales(tx, [...new Set(files.map(({ case: { of } }) => of.sellerId))]);
    const [placed, chosen]: [NewBid[], ToAssign[]] = [[], []];
    for (const file of files) {
      const { of, bearerId } = file.case;
      const cause = causes.get(of.caseId);
      const { state, bids, events } = bidAsInstructed(file.case, bidders.filter(({ bid }) => bid.debtorId === of.buyerId), tx.now, newId, { maxTenorDays, yearDays });
      placed.push(...bids.map((bid) => ({ caseId: of.caseId, bearerId, bid })));
      await tx.publish(events, cause);
      const sale = sales.get(bearerId);
      const bidId = sale?.choose === 'best-at-once' && sale.payable ? bestBid(state, tx.now, dayOf(tx.now), yearDays) : undefined;
      const choice = bidId === undefined ? undefined : chooseBid(state, { bidId, by: bearerId, now: tx.now, purchaseOn: dayOf(tx.now), yearDays });
      if (choice?.ok !== true) continue;
      chosen.push({ file: { ...file, case: choice.state }, cause });
      await tx.publish(choice.events, cause);
    }
    await insertBids(tx, placed);
    await tx.unschedule('financing/bidding-closes', ...chosen.map(({ file }) => file.case.of.caseId));
    await assignPaper(tx, chosen);
  }
}
