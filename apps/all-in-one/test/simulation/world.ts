import { World as Delivery, type Does as DeliveryDoes } from '@peyvand/delivery/simulation';
import { World as Financing, hears as heardByFinancing, type Does as FinancingDoes } from '@peyvand/financing/simulation';
import { endOfDay } from '@peyvand/kernel';
import { World as Orders, hears as heardByOrders, type Does as OrdersDoes } from '@peyvand/orders/simulation';
import { SimulatedTime, topicsOf, type Beside, type Schedule } from '@peyvand/testing/simulation';
import { asBuilt, variants, type Service, type Variant } from './broken.js';
import { begin, lastDay, termsOf, type Does, type TogetherStep } from './schedule.js';

const day = 86_400_000;
/** DELIVERY_GRACE_DAYS where nobody says otherwise; longer than orders' own patience. */
const graceDays = 30;

/** Orders, delivery and financing in memory, on one clock: each tells its own facts and hears the others'. */
export class World {
  readonly time: SimulatedTime;
  readonly orders: Orders;
  readonly delivery: Delivery;
  readonly financing: Financing;
  private days = 0;

  constructor(schedule: Schedule<Does>, variant: Variant | undefined, telling: boolean) {
    this.time = new SimulatedTime(begin, schedule.late, telling, { repeated: variant === 'fact-heard-twice' });
    let publish: Beside['publish'] = () => {};
    const beside: Beside = { time: this.time, publish: (facts) => publish(facts) };
    this.orders = new Orders(schedule, undefined, telling, beside, termsOf);
    this.delivery = new Delivery(schedule, undefined, telling, beside, graceDays);
    this.financing = new Financing(schedule, undefined, telling, beside);
    const heard = variant === undefined ? asBuilt : variants[variant];
    publish = topicsOf(this.time, heard({ orders: heardByOrders(this.orders), delivery: this.delivery.hears, financing: heardByFinancing(this.financing) }));
    this.time.due('people', (schedule.steps.at(-1)?.at ?? begin) + day);
  }

  perform({ does, ...step }: TogetherStep): void {
    const [service, kind] = does.split('/') as [Service, string];
    switch (service) {
      case 'orders': return this.orders.perform({ ...step, does: kind as OrdersDoes });
      case 'delivery': return this.delivery.perform({ ...step, does: kind as DeliveryDoes });
      case 'financing': return this.financing.perform({ ...step, does: kind as FinancingDoes });
    }
  }

  fire(due: string): void {
    const kind = due.split(' ')[0] ?? '';
    if (kind === 'people') return this.people();
    if (kind.startsWith('orders/')) return this.orders.fire(due);
    return ['dispatch-by', 'arrive-by', 'count-by'].includes(kind) ? this.delivery.fire(due) : this.financing.fire(due);
  }

  /** No clock runs on a receipt, an invoice or a hope: in the calm people see to one of each every day. What is still owed after months is paid, or written off. */
  private people(): void {
    const n = this.days++;
    const see = (does: Does, size: number): void => {
      const { length } = this.time.trace;
      this.perform({ at: this.time.now, does, pick: n, size });
      // What they ask for is the same every day: only what follows from it is told.
      this.time.trace.splice(length, 1);
    };
    for (const [does, size] of daily) see(does, size);
    if (n < 120) for (const does of onPaper) see(does, n * 37);
    else see(n < 180 ? 'financing/pay-late' : 'financing/write-off', 0);
    if (!this.rests() && this.time.now + day < endOfDay(lastDay)) this.time.due('people', this.time.now + day);
  }

  private rests(): boolean {
    return this.time.onTheWay.length === 0 && this.delivery.shipmentsIn('planned', 'dispatched', 'arrived').length === 0
      && this.financing.cases(({ stage }) => stage.status !== 'settled').length === 0 && [...this.orders.orders.values()].every(({ status }) => status !== 'open');
  }
}

/** With sizes that make it right: all is counted, the invoice is as the receipt, and two persons approve. */
const daily: readonly [Does, number][] = [['delivery/settle', 0], ['delivery/receive', 1], ['delivery/replace', 0], ['delivery/invoice', 2], ['delivery/approve', 1], ['delivery/approve', 2]];
/** Backwards, so that no paper goes two steps a day. */
const onPaper = ['financing/choose', 'financing/bid', 'financing/accept', 'financing/draw'] as const;
