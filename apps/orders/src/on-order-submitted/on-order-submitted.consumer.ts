import { Controller } from '@nestjs/common';
import { OrderChanged, OrderSubmitted, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { closeOrders } from '../close-order/close-orders.js';
import { underWay } from '../import-orders/store/import.store.js';
import { lockOrders } from '../store/order.store.js';
import { askForRounds, putInQueue } from '../store/queue.store.js';

type Heard = Fact<DataOf<typeof OrderSubmitted>>;

/** Consuming an order only puts its lines into their markets' queues; a round decides (match-market). A change may leave nothing to wait for: then the order is over. */
@Controller()
export class OnOrderSubmitted {
  @OnFacts([OrderSubmitted, OrderChanged])
  async handle(facts: Heard[], tx: Tx): Promise<void> {
    const orders = new Map(facts.map((fact) => [fact.data.orderId, fact]));
    const changed = new Map(facts.filter(({ type }) => type === OrderChanged.type).map((fact) => [fact.data.orderId, fact]));
    await lockOrders(tx, [...changed.keys()]);
    const queued = await putInQueue(tx, orders);
    // An import's lines are matched when all of its orders are submitted, and not piece by piece: its end asks for the rounds.
    const submitting = await underWay(tx, facts.flatMap(({ data }) => data.importId ?? []));
    await askForRounds(tx, queued.filter(({ orderId }) => !submitting.has(orders.get(orderId)?.data.importId ?? '')).map(({ market }) => market));
    await closeOrders(tx, changed);
  }
}
