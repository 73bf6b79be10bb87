import type { DataSource } from 'typeorm';
import type { BrokerMessage } from '../src/broker/broker.js';
import { messageOf } from '../src/broker/envelope.js';
import { realClock } from '../src/clock.js';
import { redrive } from '../src/consume/redrive.js';
import { AmbiguousCommit, isOutage } from '../src/errors.js';
import type { Report } from '../src/metrics.js';
import { startService } from '../src/service.js';
import { defaults, type Settings } from '../src/settings.js';
import { sleep } from '../src/sleep.js';
import { Source } from '../src/source.js';
import { transact } from '../src/transact.js';
import { Cluster } from './broker.js';
import type { Variant } from './broken.js';
import { Database } from './database.js';
import { Bank } from './errands.js';
import { isOutOfTurn } from './limits.js';
import type { Fields } from './rows.js';
import { catchUp, hear, heardByIt, newcomer, newcomerBroken } from './newcomer.js';
import { brokenBy, type Published } from './properties.js';
import { busyMs, type Fault, type Schedule, type Step } from './schedule.js';
import { Began, handlersOf, Permitted, service, Went, type Outside, type Told } from './story.js';
import { garbled, isStrange, strangerBroken } from './strangers.js';
import { World, type Actor } from './world.js';

const settings: Settings = {
  ...defaults, consumeBatch: 4, consumeSingles: 4, relayBatch: 3, relayPollMs: [20, 200], leaseMs: 400, sealMs: 0, factAttempts: 3, deadlineAttempts: 4, errandAttempts: 3, errandLeaseMs: 300, retryMs: [20, 200], waitRetryMs: [20, 200], waitMs: 2_000,
};
const sessionMs = 200;

export type Outcome = { readonly broken: string | undefined; readonly trace: readonly string[]; readonly happened: number; readonly virtualMs: number };

/** Runs the real relay, consumers, side queues and deadlines of two processes through one schedule. `telling` keeps the trace. */
export const simulate = async (schedule: Schedule, { telling = false, variant = {} }: { telling?: boolean; variant?: Variant } = {}): Promise<Outcome> => {
  const world = new World(schedule.seed, telling);
  const giveBack = world.takeOver();
  try {
    const stage = new Stage(world, schedule, variant);
    const broken = await stage.play();
    return { broken, trace: world.trace, happened: world.happened, virtualMs: world.passed };
  } finally {
    giveBack();
  }
};

class Stage {
  private readonly database: Database;
  private readonly cluster: Cluster;
  private readonly outside: Outside;
  private readonly workers: Actor[] = [];
  private readonly published: Published[] = [];
  private readonly chains = new Map<string, Promise<void>>();
  /** People's requests take no turns; operators and the service itself do. */
  private readonly requests: Source;
  private readonly operator: Source;
  /** Places of unreadable messages that operators were told of. */
  private readonly strangers: string[] = [];
  private readonly report: Report = {
    onMetric: () => {},
    log: ({ message, group, topic, partition, offset }) => group === service && message === 'An unreadable message was parked' && this.strangers.push(`${String(topic)}/${String(partition)}/${String(offset)}`),
  };
  /** The newcomer has heard what was stored. */
  private caughtUp = false;
  private readonly early: boolean;
  private open = 0;
  private n = 0;
  private finding: string | undefined;

  constructor(private readonly world: World, private readonly schedule: Schedule, variant: Variant) {
    this.database = new Database(world, variant.statements?.());
    this.database.slow = schedule.slow === true;
    this.outside = { mended: false, failed: new Map(), bank: new Bank(world) };
    this.cluster = new Cluster(world, sessionMs);
    this.early = variant.hearsWhileItReplays === true;
    this.cluster.eager = variant.eagerOffsets === true;
    this.cluster.onOffset = (group, passed) => {
      const heard = new Set(this.database.committed('inbox').map((row) => `${String(row.group)} ${String(row.id)}`));
      const ahead = passed.find((message) => !isStrange(message) && (group === service || heardByIt.includes(message.headers.ce_type ?? '')) && !heard.has(`${group} ${message.headers.ce_id ?? ''}`));
      if (ahead !== undefined && variant.statements === undefined) this.finding ??= `the offset of ${group} is ahead of its database: ${ahead.key} ${ahead.value}`;
    };
    this.requests = this.sourceOf(world.outside, false);
    this.operator = this.sourceOf(world.outside);
    this.database.onCircle = (circle) => {
      if (this.schedule.turns === true && isOutOfTurn(circle)) this.finding ??= `${circle.length} transactions that take turns wait for each other`;
    };
    for (const fault of schedule.faults) this.arrange(fault);
    for (const step of schedule.steps) world.later(step.at, () => this.perform(step), world.outside);
    for (const at of [0, 1]) this.start(at);
  }

  async play(): Promise<string | undefined> {
    await this.world.run(busyMs + 100);
    this.database.faults.clear();
    this.cluster.faults.clear();
    this.outside.mended = this.outside.bank.mended = true;
    for (let look = 0; !this.quiet(); look++) {
      if (this.finding !== undefined) return this.finding;
      if (look === 1_000) return `not at rest after ${this.world.passed} ms: ${this.rest()}`;
      if (look % 20 === 10) this.redrive();
      await this.world.run(20);
    }
    // What was under way twice, or slept until now, would show.
    await this.world.run(Math.max(0, ...this.workers.map(({ pausedUntil }) => pausedUntil - this.world.now)) + 150);
    return this.finding ?? brokenBy(this.database, this.cluster, this.published, this.outside.bank) ?? (this.workers.length > 2 ? newcomerBroken(this.database) : undefined) ?? strangerBroken(this.database, this.cluster, this.strangers);
  }

  private sourceOf(actor: Actor, takesTurns = this.schedule.turns): Source {
    return new Source(service, { driver: { master: this.database.poolOf(actor) } } as unknown as DataSource, realClock(), takesTurns);
  }

  private start(at: number): void {
    const actor: Actor = { name: `worker${at}${'\''.repeat(this.workers.filter(({ name }) => name.startsWith(`worker${at}`)).length)}`, dead: false, pausedUntil: 0 };
    this.workers[at] = actor;
    const begin = (): void => void this.world.as(actor, async () => {
      if (at === 2) return this.bringUp(actor);
      await startService({ source: this.sourceOf(actor), broker: this.cluster.for(actor) }, handlersOf(this.outside), settings, this.report);
    }).catch(() => this.world.later(50, begin, actor)); // as its supervisor would
    begin();
  }

  /** The topic has been there for long: the group must first hear what it no longer holds. */
  private join(): void {
    this.cluster.forget(service);
    this.open++;
    this.start(2);
  }

  private async bringUp(actor: Actor): Promise<void> {
    const joining = { source: this.sourceOf(actor), broker: this.cluster.for(actor), settings, report: this.report, outside: this.outside, early: this.early };
    if (!this.caughtUp) await catchUp(joining);
    await hear(joining);
    if (!this.caughtUp) this.open--;
    this.caughtUp = true;
  }

  private perform(step: Step): void {
    if (step.does === 'redrive') return this.redrive();
    if (step.does === 'join') return this.join();
    if (step.does === 'garble') return this.send(Began.topic, garbled(step.how, step.key, ++this.n));
    this.open++;
    const facts = step.facts.map((kind): Told => ({ orderId: step.key, n: ++this.n, kind }));
    const before = this.chains.get(step.key) ?? Promise.resolve();
    this.chains.set(step.key, before.then(() => this.publish(facts)).finally(() => this.open--));
    for (const told of facts) if (told.kind === 'waits') for (let copy = 0; copy <= told.n % 2; copy++) this.permit(told, step.at);
  }

  private async publish(facts: readonly Told[]): Promise<void> {
    const here = facts.map((told): Published => ({ key: told.orderId, n: told.n, outcome: 'open' }));
    this.published.push(...here);
    const tell = (outcome: Published['outcome']): void => here.forEach((one) => (one.outcome = outcome));
    this.world.tell(() => `publishes ${facts.map(({ orderId, n, kind }) => `${orderId} ${n} (${kind})`).join(', ')}`);
    try {
      await transact(this.requests, (tx) => tx.publish(facts.map((told) => (told.kind.endsWith('together') ? Went : Began).of(told))));
      tell('stored');
    } catch (error) {
      tell(error instanceof AmbiguousCommit ? 'unknown' : 'refused');
      this.world.tell(() => `is answered: ${String(error)}`);
      if (!isOutage(error) && (error as { code?: string }).code === undefined) throw error;
    }
  }

  /** Tells the permit a fact waits for, from another service's topic, perhaps twice and perhaps early. */
  private permit({ orderId, n }: Told, at: number): void {
    const id = `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const when = new Date(this.world.now);
    const message = messageOf('permits', { id, type: Permitted.type, key: orderId, time: when, recordedtime: when, causationid: null, correlationid: id, groupid: null, traceparent: null, data: JSON.stringify({ orderId, n, kind: 'plain' }) });
    this.send(Permitted.topic, message, (at * 31 + n * 97) % 600);
  }

  /** Others write to topics too, until they are answered. */
  private send(topic: string, message: BrokerMessage, ms = 0): void {
    this.open++;
    this.world.later(ms, async () => {
      for (let sent = false; !sent; ) {
        sent = await this.cluster.for(this.world.outside).produce(topic, [message]).then(() => true, () => false);
        if (!sent) await sleep(30);
      }
      this.open--;
    }, this.world.outside);
  }

  private redrive(): void {
    this.world.as(this.world.outside, () => {
      for (const group of [service, newcomer, 'deadlines']) redrive(this.operator, { group, all: true }).catch(() => {});
    });
  }

  private arrange(fault: Fault): void {
    if (fault.does === 'statement') return void this.database.faults.set(`statement ${fault.nth}`, fault.how);
    if (fault.does === 'storm') {
      for (let n = 0; n < fault.statements; n++) this.database.faults.set(`statement ${fault.nth + n}`, 'conflict');
      return;
    }
    if (fault.does === 'commit') return void this.database.faults.set(`commit ${fault.nth}`, fault.how);
    if (fault.does === 'produce') return void this.cluster.faults.set(`produce ${fault.nth}`, fault.how);
    if (fault.does === 'lose-offset') return void this.cluster.lostOffsets.add(fault.nth);
    this.world.later(fault.at, () => {
      this.world.tell(() => `FAULT ${JSON.stringify(fault)}`);
      if (fault.does === 'rebalance') this.cluster.rebalanceAll('it was asked for');
      else if (fault.does === 'broker-away') this.cluster.awayUntil = this.world.now + fault.ms;
      else if (fault.does === 'database-away') {
        this.database.awayUntil = this.world.now + fault.ms;
        this.database.cut(() => true);
      } else this.strike(fault);
    }, this.world.outside);
  }

  private strike(fault: Extract<Fault, { worker: number }>): void {
    const actor = this.workers[fault.worker];
    if (actor === undefined) return; // the third has not come yet
    if (fault.does === 'pause') return void (actor.pausedUntil = this.world.now + fault.ms);
    if (fault.does === 'crash') {
      actor.dead = true;
      this.world.later(100 + this.world.draw(200), () => this.start(fault.worker), this.world.outside);
    }
    this.world.later(this.world.draw(40), () => this.database.cut((session) => session.actor === actor), this.world.outside);
  }

  /** What is kept for people to see is at rest. */
  private left(table: string): Fields[] {
    return this.database.committed(table).filter(({ key, state }) => !(String(key).startsWith('unreadable/') && state === 'parked'));
  }

  private lag(): number {
    return this.cluster.lag(service, [Began.topic, Permitted.topic]) + (this.caughtUp ? this.cluster.lag(newcomer, [Began.topic]) : 0);
  }

  private quiet(): boolean {
    return this.open === 0 && ['unsent', 'parked', 'deadlines'].every((table) => this.left(table).length === 0) && this.lag() === 0;
  }

  private rest(): string {
    return JSON.stringify({ open: this.open, lag: this.lag(), ...Object.fromEntries(['unsent', 'parked', 'deadlines'].map((table) => [table, this.left(table)])) });
  }
}
