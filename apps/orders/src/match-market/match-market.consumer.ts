import { Controller } from '@nestjs/common';
import { OnErrand, Source, type Due, type Tx } from '@peyvand/messaging';
import { askForRounds } from '../store/queue.store.js';
import { matchMarket } from './match-market.js';

/** A round is an errand and not a deadline because it reckons outside a transaction, alone in its market, and is asked for anew while it runs. */
@Controller()
export class MatchMarket {
  constructor(private readonly source: Source) {}

  @OnErrand('orders/round')
  async run({ key: market }: Due): Promise<(tx: Tx) => Promise<void>> {
    const more = await matchMarket(this.source, market);
    // One round an errand: a long queue would outlast the errand's lease, and another run would begin beside it.
    return async (tx) => (more ? askForRounds(tx, [market]) : undefined);
  }
}
