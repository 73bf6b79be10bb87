import { Controller } from '@nestjs/common';
import { OnErrand, Source, type Due, type Tx } from '@peyvand/messaging';
import { matchMarket } from './match-market.js';

/** A round is an errand and not a deadline because it reckons outside a transaction, alone in its market, and is asked for anew while it runs. */
@Controller()
export class MatchMarket {
  constructor(private readonly source: Source) {}

  @OnErrand('orders/round')
  async run({ key: market }: Due): Promise<(tx: Tx) => Promise<void>> {
    await matchMarket(this.source, market);
    return async () => {};
  }
}
