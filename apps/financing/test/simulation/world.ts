import type { NewFact } from '@peyvand/contracts';
import { alone, at, SimulatedTime, type Beside } from '@peyvand/testing/simulation';
import { lapsePresentment } from '../../src/domain/barat.js';
import { agree, approve, credit, makeMatch, receive, release, type Deal } from './facts.js';
import { askAgain, assignPaper, bankAnswers, payDay, protestTimeUp } from './money.js';
import { closeBids, grant, perform, withoutPaper } from './parties.js';
import { Rows, type Payment } from './rows.js';
import { begin, type Trade, type TradeStep, type Variant } from './schedule.js';

/** Financing in memory: its rows, the clock, the bank, and what orders and delivery tell it. Every decision is the service's own. */
export class World extends Rows {
  readonly time: SimulatedTime;
  readonly deals = new Map<string, Deal>();
  /** What the bank moved. */
  readonly moved: Payment[] = [];
  /** When the bank was first asked of a payment. */
  readonly asked = new Map<string, number>();
  /** What each limit counted as taken when it was last looked at. */
  readonly takenBefore = new Map<string, bigint>();
  invoices = 0;
  notes = 0;
  bids = 0;

  readonly publish: (facts: readonly NewFact[]) => void;

  constructor(private readonly schedule: Pick<Trade, 'late'>, readonly variant: Variant | undefined, telling: boolean, beside?: Beside) {
    super();
    ({ time: this.time, publish: this.publish } = beside ?? alone(new SimulatedTime(begin, schedule.late, telling, { deaf: variant === 'deadlines-ignored', repeated: variant === 'fact-heard-twice' })));
    for (const [n, late] of schedule.late.entries()) grant(this, n, 300 + (late % 700));
  }

  late(n: number): number {
    return this.schedule.late[n % this.schedule.late.length] ?? 0;
  }

  /** The topics of two services: each tells of a match in order, and knows nothing of the other's pace. */
  fromOrders(matchId: string, tell: string, hear: () => 'not-yet' | void): void {
    this.time.send(`orders ${matchId}`, tell, hear);
  }

  fromDelivery(matchId: string, tell: string, hear: () => 'not-yet' | void): void {
    this.time.send(`delivery ${matchId}`, tell, hear);
  }

  setInvoice(deal: Deal, invoice: Deal['invoices'][number]): void {
    this.deals.set(deal.matchId, { ...deal, invoices: deal.invoices.map((one) => (one.invoiceId === invoice.invoiceId ? invoice : one)) });
  }

  perform(step: TradeStep): void {
    const { does, pick, size } = step;
    this.time.tell(() => `${does} ${pick} ${size}`);
    const deals = [...this.deals.values()];
    const one = (which: (deal: Deal) => boolean): Deal | undefined => at(deals.filter(which), pick);
    switch (does) {
      case 'match': return makeMatch(this, step);
      case 'agree': return agree(this, one(({ agreed, over }) => !agreed && !over));
      case 'release': return release(this, one(({ over, deliveries }) => !over && deliveries === 0));
      case 'receive': return receive(this, one(({ agreed, over }) => agreed && !over), size);
      case 'approve': return approve(this, one(({ invoices }) => invoices.some(({ approved }) => !approved)), size);
      case 'credit': return credit(this, one(({ invoices }) => invoices.some(({ approved }) => approved)), size);
      default: return perform(this, step);
    }
  }

  fire(due: string): void {
    const [kind, key = ''] = due.split(' ');
    this.time.tell(() => `due: ${kind} ${key.slice(-4)}`);
    if (kind === 'bank') return bankAnswers(this, due);
    const file = this.files.get(key);
    if (file === undefined) return;
    switch (kind) {
      case 'answer-by': return file.paper === undefined ? undefined : withoutPaper(this, file, lapsePresentment(file.paper, this.time.now));
      case 'bidding-closes': return closeBids(this, file);
      case 'assign': return assignPaper(this, file);
      case 'pay-day': return payDay(this, file);
      case 'ask-again': return askAgain(this, file);
      case 'protest-by': return protestTimeUp(this, file);
      default: throw new Error(`Nobody waits for ${kind}`);
    }
  }
}
