import { instant, type Instant } from '@peyvand/kernel';

type OnTheWay = { readonly n: number; readonly key: string; readonly at: number; readonly tell: string; readonly hear: () => 'not-yet' | void };

/** `deaf`: deadlines never fire; `repeated`: a fact that comes twice is heard twice. Both are ways to build it wrongly. */
export type Broken = { readonly deaf?: boolean; readonly repeated?: boolean };

/** The clock of a simulation: deadlines, and facts that come late by up to two days, in order per key, a third of them twice. */
export class SimulatedTime {
  readonly dues = new Map<string, Instant>();
  readonly onTheWay: OnTheWay[] = [];
  readonly trace: string[] = [];
  private readonly inbox = new Set<number>();
  private sent = 0;

  /** `late`: milliseconds, taken in turn. */
  constructor(public now: Instant, private readonly late: readonly number[], private readonly telling: boolean, private readonly broken: Broken = {}) {}

  /** How many facts were sent. */
  get count(): number {
    return this.sent;
  }

  tell(text: () => string): void {
    if (this.telling) this.trace.push(`${new Date(this.now).toISOString().slice(0, 16)}  ${text()}`);
  }

  /** A deadline of that key, in place of an earlier one. What lies in the past is due now. */
  due(key: string, moment: number): void {
    this.dues.set(key, instant(Math.max(moment, this.now)));
  }

  /** Heard later. A fact that is `not-yet` understood is tried again after an hour, and those of its key wait behind it. */
  send(key: string, tell: string, hear: () => 'not-yet' | void): void {
    const before = this.onTheWay.filter((one) => one.key === key).reduce<number>((latest, one) => Math.max(latest, one.at), this.now);
    const n = ++this.sent;
    const fact = { n, key, at: before + (this.late[n % this.late.length] ?? 0), tell: `${tell} of ${key.slice(-4)}`, hear };
    this.onTheWay.push(fact);
    if (n % 3 === 0) this.onTheWay.push({ ...fact, at: fact.at + 1 });
  }

  /** Until this moment: facts are heard and deadlines fire in the order of their times. */
  passTo(moment: Instant, fire: (due: string) => void, check: () => void): void {
    for (;;) {
      const due = this.broken.deaf === true ? undefined : earliest(this.dues, moment);
      const fact = this.onTheWay.filter((one) => one.at <= moment).sort((a, b) => a.at - b.at || a.n - b.n)[0];
      if (fact !== undefined && (due === undefined || fact.at <= due[1])) this.hear(fact);
      else if (due === undefined) break;
      else {
        this.now = instant(Math.max(this.now, due[1]));
        this.dues.delete(due[0]);
        fire(due[0]);
      }
      check();
    }
    this.now = moment;
  }

  private hear(fact: OnTheWay): void {
    this.now = instant(Math.max(this.now, fact.at));
    this.onTheWay.splice(this.onTheWay.indexOf(fact), 1);
    if (this.inbox.has(fact.n) && this.broken.repeated !== true) return;
    this.tell(() => `heard: ${fact.tell}`);
    if (fact.hear() !== 'not-yet') return void this.inbox.add(fact.n);
    const again = this.now + 3_600_000;
    const behind = this.onTheWay.map((one) => (one.key === fact.key && one.at < again ? { ...one, at: again } : one));
    this.onTheWay.splice(0, this.onTheWay.length, { ...fact, at: again }, ...behind);
  }
}

const earliest = (dues: ReadonlyMap<string, Instant>, until: Instant): readonly [string, Instant] | undefined => {
  let first: readonly [string, Instant] | undefined;
  for (const due of dues) if (due[1] <= until && (first === undefined || due[1] < first[1])) first = due;
  return first;
};
