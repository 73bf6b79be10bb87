import { addDays, addHours, dayOf, endOfDay } from '@peyvand/kernel';
import { alone, at, SimulatedTime, type Beside } from '@peyvand/testing/simulation';
import { MatchReleased, MatchSecured, type NewFact } from '@peyvand/contracts';
import { acceptanceFacts, waitOf } from '../../src/answer-match/answer-matches.js';
import { cancelLine, changeOrder, hasEnded } from '../../src/domain/change-order.js';
import { namesOf, releaseData } from '../../src/domain/match-data.js';
import { acceptMatch, answerChange, declineMatch, overdue, proposeChange, releasable, released, remainderOf, secureByWord, type Match, type ReleaseReason } from '../../src/domain/match.js';
import type { Order } from '../../src/domain/order.js';
import { takeBack } from '../../src/domain/take-back.js';
import { decideRound, type Outcome } from '../../src/match-market/decide-round.js';
import type { Round } from '../../src/match-market/load-round.js';
import { settings } from '../../src/orders.config.js';
import { cashOrBarat, offerOf, orderOf } from './goods.js';
import { endedAs, roundOf, Rows } from './rows.js';
import { finish, note } from './outcomes.js';
import { begin, lastDay, type Market, type MarketStep, type Variant } from './schedule.js';

/** One market of orders in memory: its rows, what is on its way, and the clock. Every decision is the service's own. */
export class World extends Rows {
  readonly time: SimulatedTime;
  readonly queue = new Map<string, { ready: boolean }>();
  readonly publish: (facts: readonly NewFact[]) => void;
  private epoch = 0;
  /** Rounds whose commit is still to come; more than one when a process slept and another began anew. */
  private readonly reckoned: { readonly round: Round; readonly outcome: Outcome }[] = [];

  constructor(private readonly schedule: Pick<Market, 'late'>, private readonly variant: Variant | undefined, telling: boolean, beside?: Beside, private readonly termsOf = cashOrBarat) {
    super();
    ({ time: this.time, publish: this.publish } = beside ?? alone(new SimulatedTime(begin, schedule.late, telling, { deaf: variant === 'deadlines-ignored', repeated: variant === 'fact-heard-twice' })));
  }

  perform(step: MarketStep): void {
    const { does, pick, size } = step;
    this.time.tell(() => `${does} ${pick} ${size}`);
    const issued = this.inState('issued');
    switch (does) {
      case 'offer': return this.offer(step);
      case 'submit': return this.submit(step);
      case 'change': return this.change(pick, size);
      case 'cancel': return this.cancel(at([...this.orders.values()], pick));
      case 'round': return this.reckon();
      case 'commit': return this.commit(pick);
      case 'award': return this.award(at(this.inState('proposed'), pick)?.orderId, size % 4 !== 0);
      case 'accept': return this.answer(at(issued, pick), acceptMatch);
      case 'decline': return this.answer(at(issued, pick), (match) => declineMatch(match));
      case 'propose': return this.answer(at(issued, pick), (match) => proposeChange(match, {
        promisedBy: addDays(dayOf(this.time.now), size % 9), reason: 'less', lines: match.lines.slice(0, 1).map(({ lineId, quantity }) => ({ lineId, quantity: size % (quantity + 1) })),
      }, dayOf(this.time.now)));
      case 'answer-change': return this.answer(at(this.inState('change-proposed'), pick), (match) => answerChange(match, size % 3 === 0 ? 'refuse' : 'accept'));
      case 'secure': return this.answer(at(this.inState('accepted'), pick), (match) => secureByWord(match, 'open-terms'));
      case 'deliver': return this.deliver(at(this.inState('secured'), pick), size);
    }
  }

  private offer(step: MarketStep): void {
    const offer = offerOf(step, (id) => this.offers.get(id), dayOf(begin), lastDay, this.termsOf);
    this.offers.set(offer.id, offer);
    this.wake();
  }

  private submit(step: MarketStep): void {
    const { order, lines } = orderOf(step, { orders: this.orders.size, lines: this.lines.size }, this.time.now);
    this.orders.set(order.orderId, order);
    for (const line of lines) this.lines.set(line.lineId, line);
    this.time.send(order.orderId, 'OrderSubmitted', () => this.enqueue(order.orderId));
  }

  private change(pick: number, size: number): void {
    const order = at([...this.orders.values()], pick);
    const lines = this.linesOf(order?.orderId);
    const line = at(lines, size);
    if (order === undefined || line === undefined) return;
    const decision = changeOrder(order, lines, [{ lineId: line.lineId, quantity: 1 + (size % 50) }], { today: dayOf(this.time.now), known: new Map() });
    if (!decision.ok) return;
    this.orders.set(order.orderId, decision.state.order);
    this.put(decision.state.touched);
    this.time.send(order.orderId, 'OrderChanged', () => {
      this.enqueue(order.orderId);
      this.close(order.orderId);
    });
  }

  private cancel(order: Order | undefined): void {
    if (order === undefined || hasEnded(order)) return;
    this.orders.set(order.orderId, { ...order, cancelled: true });
    this.put(this.linesOf(order.orderId).filter(({ waiting, unmatched }) => waiting + unmatched > 0).map(cancelLine));
    for (const { match } of [...this.matches.values()]) if (match.orderId === order.orderId && releasable(match)) this.release(released(match, 'order-cancelled'));
    this.time.send(order.orderId, 'OrderCancelled', () => this.close(order.orderId));
  }

  /** A round reads and reckons; what it decided is committed later, after others have had their say. */
  private reckon(): void {
    const asOf = dayOf(this.time.now);
    const queued = [...this.queue].filter(([, { ready }]) => ready).map(([lineId]) => this.line(lineId)).filter(({ waiting }) => waiting > 0);
    if (queued.length === 0) return;
    const round = roundOf(this, queued, ++this.epoch, asOf);
    this.reckoned.push({ round, outcome: decideRound(round, this.time.now, settings) });
    this.time.due(`orders/commit ${this.epoch}`, this.time.now + (this.schedule.late[this.epoch % this.schedule.late.length] ?? 0));
  }

  private commit(pick: number): void {
    const [next] = this.reckoned.splice(pick % Math.max(1, this.reckoned.length), 1);
    if (next === undefined) return;
    const { round, outcome } = next;
    const overtaken = round.epoch !== String(this.epoch) && this.variant !== 'lines-not-rechecked' && this.variant !== 'capacity-not-rechecked';
    const stale = round.queued.some(({ line }) => this.line(line.lineId).version !== line.version);
    const taken = new Map<string, number>();
    for (const { offerId, quantity } of outcome.takings) taken.set(offerId, (taken.get(offerId) ?? 0) + quantity);
    const full = outcome.takings.some(({ offerId, revision }) => {
      const offer = this.offers.get(offerId);
      return offer === undefined || offer.revision !== revision || offer.committed + (taken.get(offerId) ?? 0) > offer.capacity;
    });
    // The newer round has read everything that this one has, and sees to it.
    if (overtaken) return this.time.tell(() => `round ${round.epoch} was overtaken`);
    if ((stale && this.variant !== 'lines-not-rechecked') || (full && this.variant !== 'capacity-not-rechecked')) {
      this.time.tell(() => `round ${round.epoch} is stale`);
      return this.askForRound();
    }
    this.put(outcome.lines);
    for (const [offerId, quantity] of taken) this.commitTo(offerId, quantity);
    for (const match of outcome.matches) this.matches.set(match.matchId, { match, open: true });
    for (const lineId of outcome.done) this.queue.delete(lineId);
    for (const lineId of outcome.held) this.queue.set(lineId, { ready: false });
    for (const { kind, key, dueAt } of outcome.deadlines) this.time.due(`${kind} ${key}`, dueAt);
    for (const { facts } of outcome.told) this.publish(facts);
    this.time.tell(() => `matched: ${outcome.matches.map(({ matchId, lines }) => `${matchId.slice(-4)} ${lines.map(({ quantity }) => quantity).join('+')}`).join(', ')}`);
  }

  private award(orderId: string | undefined, approve: boolean): void {
    for (const match of this.inState('proposed').filter((one) => one.orderId === orderId)) {
      if (!approve) this.release(released(match, 'award-refused'));
      else this.keep({ ...match, state: 'issued', answerBy: addHours(this.time.now, settings.acceptHours) });
    }
    this.time.dues.delete(`orders/approve-by ${orderId}`);
  }

  private answer(match: Match | undefined, decide: (match: Match) => ReturnType<typeof acceptMatch>): void {
    const decision = match === undefined ? undefined : decide(match);
    if (match === undefined || decision?.ok !== true) return;
    if (decision.state.state === 'released') return this.release(decision.state);
    this.keep({ ...decision.state, answerBy: waitOf(decision.state, this.time.now) });
    this.publish(answerFacts(match, decision.state));
    const left = this.variant === 'short-kept-as-matched' ? [] : remainderOf(match, decision.state);
    if (left.length > 0) this.time.send(match.orderId, 'leftover', () => this.giveBack(match, left, 'declined', false));
  }

  /** Where it plays alone, delivery's and financing's part in one step: what arrived is accepted and paid, the rest of it short. */
  private deliver(match: Match | undefined, size: number): void {
    if (match === undefined) return;
    const { matchId, orderId } = match;
    const units = match.lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const accepted = size % 3 === 0 ? size % (units + 1) : units;
    this.matches.set(matchId, { match: { ...match, dispatched: true }, open: true });
    note(this, { shipmentId: matchId, matchId, orderId, received: true, settled: true, remaining: 0, accepted, short: units - accepted });
    finish(this, matchId);
  }

  fire(due: string): void {
    const [kind, key = ''] = due.split(' ');
    this.time.tell(() => `due: ${kind} ${key.slice(-4)}`);
    if (kind === 'orders/approve-by') return this.award(key, false);
    if (kind === 'orders/round') return this.reckon();
    if (kind === 'orders/commit') return this.commit(0);
    if (kind === 'orders/match-overdue') {
      const match = this.matches.get(key)?.match;
      const over = match === undefined ? undefined : overdue(match);
      return over === undefined ? undefined : this.release(over);
    }
    const line = this.line(key);
    if (this.order(line.orderId).status !== 'open' || line.waiting + line.unmatched === 0) return;
    if (endOfDay(line.neededBy) > this.time.now) return this.time.due(due, endOfDay(line.neededBy));
    this.put([{ ...line, waiting: 0, unmatched: line.unmatched + line.waiting, final: true, reason: line.reason ?? 'too-late', cure: line.cure ?? {} }]);
    this.queue.delete(key);
    this.close(line.orderId);
  }

  release(over: Match): void {
    this.matches.set(over.matchId, { match: over, open: true });
    this.time.dues.delete(`orders/match-overdue ${over.matchId}`);
    this.publish([MatchReleased.of(releaseData(over))]);
    this.time.send(over.orderId, 'MatchReleased', () => this.giveBack(over, over.lines, over.reason as ReleaseReason, true));
  }

  private giveBack(match: Match, back: readonly { readonly lineId: string; readonly offerId: string; readonly quantity: number }[], reason: ReleaseReason, whole: boolean): void {
    const cancelled = this.order(match.orderId).cancelled;
    for (const { lineId, offerId, quantity } of back) {
      this.put([takeBack(this.line(lineId), quantity, match.sellerId, cancelled ? 'order-cancelled' : reason)]);
      if (this.variant !== 'release-forgets-the-offer') this.commitTo(offerId, -quantity);
    }
    const kept = this.matches.get(match.matchId);
    if (whole && kept !== undefined) this.matches.set(match.matchId, { ...kept, open: kept.open && kept.match.dispatched, returned: true });
    this.wake();
    this.enqueue(match.orderId);
    this.close(match.orderId);
  }

  close(orderId: string): void {
    const order = this.order(orderId);
    const status = endedAs(this, order);
    if (status === undefined) return;
    this.orders.set(orderId, { ...order, status });
    this.time.tell(() => `order ${orderId.slice(-4)} is ${status}`);
  }

  private enqueue(orderId: string): void {
    for (const { lineId, waiting } of this.linesOf(orderId)) if (waiting > 0) this.queue.set(lineId, { ready: true });
    this.askForRound();
  }

  /** Lines on back-order are tried again: an offer or its room has come. */
  private wake(): void {
    for (const entry of this.queue.values()) entry.ready = true;
    this.askForRound();
  }

  private askForRound(): void {
    if ([...this.queue.values()].some(({ ready }) => ready)) this.time.due('orders/round shoes', this.time.now + 60_000 * (this.time.count % 90));
  }

  keep(match: Match): void {
    this.matches.set(match.matchId, { match, open: true });
    if (match.answerBy !== undefined) this.time.due(`orders/match-overdue ${match.matchId}`, match.answerBy);
  }
}

/** What the parties' answer to a purchase order, or the seller's word, tells. */
const answerFacts = (before: Match, after: Match): readonly NewFact[] => {
  if (after.state !== 'accepted' && after.state !== 'secured') return [];
  return before.state === 'accepted' ? [MatchSecured.of({ ...namesOf(after), by: after.securedBy ?? 'open-terms' })] : acceptanceFacts(after);
};
