import { Controller } from '@nestjs/common';
import { OrderChanged, OrderSubmitted, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { linesOf } from '../store/line.store.js';
import { enqueue } from '../store/queue.store.js';

type Heard = Fact<DataOf<typeof OrderSubmitted>>;

/** Consuming an order only puts its lines into their markets' queues; a round decides (match-market). */
@Controller()
export class OnOrderSubmitted {
  @OnFacts([OrderSubmitted, OrderChanged])
  async handle(facts: Heard[], tx: Tx): Promise<void> {
    const causes = new Map(facts.map((fact) => [fact.data.orderId, fact]));
    const lines = await linesOf(tx, [...causes.keys()]);
    await enqueue(tx, lines.filter(({ waiting }) => waiting > 0).flatMap((line) => {
      const cause = causes.get(line.orderId);
      return cause === undefined ? [] : [{ line, cause }];
    }));
  }
}
