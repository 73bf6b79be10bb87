import { topicOf, type Fact, type Service } from '@peyvand/contracts';
import type { Broker } from './broker/broker.js';
import { startGroup, type Group } from './consume/group.js';
import { byType, type FactHandler } from './consume/handler.js';
import { startDeadlines } from './due/deadlines.js';
import { startErrands } from './due/errands.js';
import type { DeadlineHandler, ErrandHandler } from './due/row.js';
import { oldestUnsentSeconds, storedWork, type Idleness } from './idle.js';
import { startLoop, type Loop } from './loop.js';
import type { Report } from './metrics.js';
import { startRelay } from './relay.js';
import { startSealer, type Sealing } from './seal/sealer.js';
import type { Settings } from './settings.js';
import type { Source } from './source.js';

/** `broker` left out: nothing is relayed or heard, `deliver` still works (tests). */
export type ServiceSetup = { readonly source: Source; readonly broker?: Broker | undefined; readonly sealing?: Sealing | undefined };

export type ServiceHandlers = {
  readonly facts: (FactHandler & { readonly topics: readonly string[]; readonly group?: string })[];
  readonly deadlines: DeadlineHandler[];
  readonly errands: ErrandHandler[];
};

export type Gauges = Omit<Idleness, 'now' | 'lag'> & { readonly oldestUnsentSeconds: number; readonly lag: Readonly<Record<string, number>> };

export type RunningService = {
  readonly name: string;
  readonly source: Source;
  readonly relays: boolean;
  readonly groups: readonly Group[];
  /** To every group, or to the one named. Throws when no group has that name. */
  deliver(facts: readonly Fact[], group?: string): Promise<{ handled: number; duplicates: number; diverted: number }>;
  gauges(): Promise<Gauges>;
  wake(): void;
  stop(): Promise<void>;
};

/** Starts everything a service does by itself. Throws when two handlers claim one deadline kind, or a topic is missing. */
export const startService = async ({ source, broker, sealing = {} }: ServiceSetup, handlers: ServiceHandlers, settings: Settings, report: Report): Promise<RunningService> => {
  const upkeep = () => source.pool.query(keepUp);
  await upkeep();
  const names = new Map<string, typeof handlers.facts>();
  for (const handler of handlers.facts) names.set(handler.group ?? source.service, [...(names.get(handler.group ?? source.service) ?? []), handler]);
  const heard = [...new Set(handlers.facts.flatMap((handler) => handler.topics))];
  await broker?.ensureTopics([...new Set([topicOf(source.service as Service), ...heard])]);

  const groups: Group[] = [];
  for (const [group, own] of names) {
    const topics = [...new Set(own.flatMap((handler) => handler.topics))];
    groups.push(await startGroup({ source, group, handlers: byType(own), settings, report }, topics, broker));
  }
  source.lag = async () => Object.fromEntries(await Promise.all(groups.map(async (group) => [group.name, await group.lag()] as const)));

  const loops: Loop[] = [startLoop(async (signal) => (signal.aborted ? 0 : (await upkeep(), dayMs)), (error) => report.log({ level: 'warn', message: 'Upkeep waits', service: source.service, reason: String(error) }))];
  if (broker !== undefined) loops.push(startRelay(source, broker, settings, report));
  // What nothing sends away is never sealed.
  if (broker !== undefined && settings.sealMs > 0) loops.push(startSealer(source, sealing, settings, report));
  if (handlers.deadlines.length > 0) loops.push(startDeadlines(source, byKind(handlers.deadlines), settings, report));
  if (handlers.errands.length > 0) loops.push(startErrands(source, byKind(handlers.errands), settings, report));

  return {
    name: source.service,
    source,
    relays: broker !== undefined,
    groups,
    deliver: async (facts, group) => deliver(group === undefined ? groups : [named(groups, group)], names, facts),
    // A broker that is away must not take the other figures with it.
    gauges: async () => ({ ...(await storedWork(source)), lag: await source.lag().catch(() => ({})), oldestUnsentSeconds: await oldestUnsentSeconds(source) }),
    wake: () => [...loops, ...groups].forEach((one) => one.wake()),
    // Consumers end before the relay, so that what they published last is still sent.
    stop: async () => {
      await Promise.all(groups.map((group) => group.stop()));
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
};

export const keepUp = 'select peyvand_messaging_upkeep()';

const dayMs = 86_400_000;

const byKind = <H extends { readonly kind: string; readonly name: string }>(handlers: readonly H[]): Map<string, H> => {
  const map = new Map<string, H>();
  for (const handler of handlers) {
    const other = map.get(handler.kind);
    if (other !== undefined) throw new Error(`${other.name} and ${handler.name} both handle ${handler.kind}`);
    map.set(handler.kind, handler);
  }
  return map;
};

const named = (groups: readonly Group[], name: string): Group => {
  const found = groups.find((group) => group.name === name);
  if (found === undefined) throw new Error(`There is no group ${name} here, only ${groups.map((group) => group.name).join(', ') || 'none'}`);
  return found;
};

const deliver = async (groups: readonly Group[], names: ReadonlyMap<string, readonly FactHandler[]>, facts: readonly Fact[]) => {
  const sum = { handled: 0, duplicates: 0, diverted: 0 };
  for (const group of groups) {
    const types = new Set(names.get(group.name)?.flatMap((handler) => handler.types));
    const wanted = facts.filter((fact) => types.has(fact.type));
    const result = await group.deliver(wanted.map((fact) => ({ fact, topic: topicOf(fact.type.split('.')[2] as Service) })));
    sum.handled += result.handled;
    sum.duplicates += result.duplicates;
    sum.diverted += wanted.length - result.handled - result.duplicates;
  }
  return sum;
};
