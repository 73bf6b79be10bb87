import type { Instant } from '@peyvand/kernel';

type OnTheWay = { readonly id: string; readonly orderId: string; readonly at: number; readonly tell: string; readonly hear: () => void };

/** Carries an order's facts to whoever hears them: late by up to two days, in their order, and in a third of the cases a second time. */
export class Post {
  readonly onTheWay: OnTheWay[] = [];
  private readonly inbox = new Set<string>();
  private sent = 0;

  /** `late`: milliseconds, taken in turn. */
  constructor(private readonly late: readonly number[]) {}

  /** How many facts were sent. */
  get count(): number {
    return this.sent;
  }

  send(now: Instant, orderId: string, tell: string, hear: () => void): void {
    const before = this.onTheWay.filter((one) => one.orderId === orderId).reduce<number>((latest, one) => Math.max(latest, one.at), now);
    const n = ++this.sent;
    const at = before + (this.late[n % this.late.length] ?? 0);
    const fact = { id: `${tell} ${n}`, orderId, tell: `${tell} of ${orderId.slice(-4)}`, hear };
    this.onTheWay.push({ ...fact, at });
    if (n % 3 === 0) this.onTheWay.push({ ...fact, at: at + 1 });
  }

  /** The next fact that arrives until then, still on its way. */
  next(until: Instant): OnTheWay | undefined {
    return this.onTheWay.filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0];
  }

  /** Takes it off its way; answers whether it is heard for the first time. */
  take(fact: OnTheWay): boolean {
    this.onTheWay.splice(this.onTheWay.indexOf(fact), 1);
    const first = !this.inbox.has(fact.id);
    this.inbox.add(fact.id);
    return first;
  }
}
