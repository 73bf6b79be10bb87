import type { Broker, BrokerMessage, Received, SubscribeOptions } from '../src/broker/broker.js';
import { gather } from '../src/broker/gather.js';
import { partitionOf } from '../src/broker/murmur2.js';
import { sleep } from '../src/sleep.js';
import { failure } from './rows.js';
import type { Actor, World } from './world.js';

export type FaultOfProduce = 'ack-lost' | 'refused' | 'half';

type Member = { readonly actor: Actor; readonly options: SubscribeOptions; leaving: AbortController; signal: AbortController; generation: number; beat: number; readonly running: Set<string> };

/** Kafka, as far as the messaging leans on it: partitions, groups whose members come, go and fall silent, offsets, acks that get lost. */
export class Cluster {
  readonly log = new Map<string, BrokerMessage[]>();
  readonly offsets = new Map<string, number>();
  /** Where a partition begins for a group never seen before: what is older is kept no longer. */
  readonly begins = new Map<string, number>();
  private readonly members = new Map<string, Member[]>();
  private readonly wakers = new Set<() => void>();
  produced = 0;
  committed = 0;
  faults = new Map<string, FaultOfProduce>();
  lostOffsets = new Set<number>();
  awayUntil = 0;
  /** A broken broker for controls: the offset moves on when a batch is handed over. */
  eager = false;
  /** Called when a group's offset moves on, with what it leaves behind. */
  onOffset: (group: string, passed: readonly BrokerMessage[]) => void = () => {};

  constructor(private readonly world: World, private readonly sessionMs: number) {}

  /** What one process sees of it. */
  for(actor: Actor): Broker {
    return {
      name: 'simulated',
      ensureTopics: async () => {},
      produce: (topic, messages) => this.world.trip(() => this.append(topic, messages)),
      subscribe: (options) => this.world.trip(() => this.join(actor, options)),
      lag: (group, topics) => this.world.trip(() => this.lag(group, topics)),
      close: async () => {},
    };
  }

  append(topic: string, messages: readonly BrokerMessage[]): void {
    const fault = this.faults.get(`produce ${++this.produced}`);
    if (fault !== undefined) this.world.tell(() => `FAULT produce ${fault}`);
    if (fault === 'refused' || this.world.now < this.awayUntil) throw failure('ECONNRESET', 'the broker is away');
    for (const message of messages) {
      const partition = partitionOf(message.key);
      if (fault === 'half' && partition % 2 === 1) continue;
      const place = `${topic}/${partition}`;
      const log = this.log.get(place);
      if (log === undefined) this.log.set(place, [message]);
      else log.push(message);
    }
    this.world.tell(() => `the broker stores ${messages.map(({ key, value }) => `${key} ${value}`).join(', ').replaceAll('\0', '␀')}`);
    for (const wake of this.wakers) this.world.later(this.world.draw(3), wake, this.world.outside);
    if (fault !== undefined) throw failure('ETIMEDOUT', 'no answer from the broker');
  }

  lag(group: string, topics: readonly string[]): number {
    let sum = 0;
    for (const [place, log] of this.log) if (topics.includes(topicOf(place))) sum += log.length - this.offset(group, place);
    return sum;
  }

  offset(group: string, place: string): number {
    return this.offsets.get(`${group} ${place}`) ?? this.begins.get(place) ?? 0;
  }

  /** Messages that this group has finished are kept no longer, up to a place that is left to chance. */
  forget(group: string): void {
    for (const place of this.log.keys()) this.begins.set(place, this.world.draw(this.offset(group, place) + 1));
  }

  /** Members that died or fell silent leave; the others share the partitions anew. */
  rebalance(group: string, why: string): void {
    const members = (this.members.get(group) ?? []).filter((member) => !member.leaving.signal.aborted);
    this.members.set(group, members);
    this.world.tell(() => `${group} is shared anew by ${members.map(({ actor }) => actor.name).join(', ') || 'nobody'}: ${why}`);
    for (const member of members) {
      const old = member.signal;
      member.signal = new AbortController();
      member.generation++;
      member.running.clear();
      // A member learns of it when it next hears from the broker.
      this.world.later(this.world.draw(4), () => {
        old.abort();
        this.look(group, member);
      }, member.actor);
    }
  }

  rebalanceAll(why: string): void {
    for (const group of this.members.keys()) this.rebalance(group, why);
  }

  private join(actor: Actor, options: SubscribeOptions) {
    const { group } = options;
    const member: Member = { actor, options: { ...options, onBatch: gather(options.batch, options.atOnce, options.onBatch) }, leaving: new AbortController(), signal: new AbortController(), generation: 0, beat: this.world.now, running: new Set() };
    this.members.set(group, [...(this.members.get(group) ?? []), member]);
    const wake = (): void => this.look(group, member);
    this.wakers.add(wake);
    const leave = (why: string): void => {
      if (member.leaving.signal.aborted) return;
      member.leaving.abort();
      this.wakers.delete(wake);
      this.rebalance(group, why);
    };
    // The member beats by itself; the broker notices when it does not.
    const beat = (): void => {
      if (member.leaving.signal.aborted) {
        if (this.members.get(group)?.includes(member) === true) return;
        member.leaving = new AbortController();
        member.running.clear();
        this.members.set(group, [...(this.members.get(group) ?? []), member]);
        this.wakers.add(wake);
        this.world.as(this.world.outside, watch);
        this.rebalance(group, `${actor.name} comes back`);
      }
      member.beat = this.world.now;
      this.world.later(this.sessionMs / 2, beat, actor);
    };
    const watch = (): void => {
      if (member.leaving.signal.aborted) return;
      if (this.world.now - member.beat > this.sessionMs) leave(`${actor.name} is silent`);
      else this.world.later(this.sessionMs / 2, watch, this.world.outside);
    };
    this.world.as(actor, beat);
    this.world.as(this.world.outside, watch);
    this.rebalance(group, `${actor.name} joins`);
    return { close: async () => leave(`${actor.name} leaves`), health: () => ({ ok: true }) };
  }

  private look(group: string, member: Member): void {
    if (member.actor.dead || member.leaving.signal.aborted) return;
    const members = this.members.get(group) ?? [];
    const mine = members.indexOf(member);
    for (const [place, log] of this.log) {
      if (!member.options.topics.includes(topicOf(place)) || Number(place.split('/')[1]) % members.length !== mine) continue;
      if (this.offset(group, place) >= log.length || member.running.has(place)) continue;
      member.running.add(place);
      this.world.as(member.actor, () => void this.follow(group, place, member));
    }
  }

  /** One partition in the hands of one member, batch by batch, until it is another's. */
  private async follow(group: string, place: string, member: Member): Promise<void> {
    const { signal } = member.signal;
    const { generation, options: { batch, onBatch, wants = () => true } } = member;
    const gone = (): boolean => signal.aborted || member.leaving.signal.aborted;
    let at = await this.world.trip(() => this.offset(group, place));
    while (!gone()) {
      const messages = await this.world.trip(() => (this.log.get(place) ?? []).slice(at, at + batch));
      if (messages.length === 0) break;
      const wanted = messages.flatMap((message, n): Received[] => (wants(message.headers.ce_type ?? '') ? [{ ...message, topic: topicOf(place), partition: Number(place.split('/')[1]), offset: String(at + n) }] : []));
      const [from, to] = [at, at + messages.length];
      if (this.eager) await this.world.trip(() => this.store(group, place, from, to, member, generation));
      for (let wait = 50; wanted.length > 0 && !gone(); wait = Math.min(1_000, wait * 2)) {
        if (await onBatch(wanted, signal).then(() => true, () => false)) break;
        if (this.eager) break;
        await sleep(wait);
        if (gone()) return;
      }
      if (gone()) return;
      if (!this.eager) await this.world.trip(() => this.store(group, place, from, to, member, generation));
      at = to;
    }
    if (!gone()) {
      member.running.delete(place);
      this.look(group, member);
    }
  }

  private store(group: string, place: string, from: number, to: number, member: Member, generation: number): void {
    if (this.lostOffsets.has(++this.committed)) return this.world.tell(() => 'FAULT an offset is not stored');
    // A zombie's offsets are refused, as Kafka refuses those of an old generation.
    if (member.generation !== generation || member.leaving.signal.aborted) return;
    this.onOffset(group, (this.log.get(place) ?? []).slice(from, to));
    this.offsets.set(`${group} ${place}`, to);
  }
}

const topicOf = (place: string): string => place.slice(0, place.lastIndexOf('/'));
