import type { Fact } from '@peyvand/contracts';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { logToStderr, type Report } from '../metrics.js';
import { startService, type Gauges, type RunningService, type ServiceHandlers, type ServiceSetup } from '../service.js';
import { defaults, type Settings } from '../settings.js';
import { settle } from '../settle.js';
import type { Declared } from './decorators.js';

export type StrategyOptions = Partial<Report> & {
  /** One entry per service of this process; `controllers` lists the classes whose handlers are its. */
  readonly services: readonly (ServiceSetup & { readonly controllers: readonly (new (...args: never[]) => object)[] })[];
  readonly settings?: Partial<Settings>;
};

/**
 * How @nestjs/microservices stays in use: Nest finds the decorated methods and builds their pipeline (guards, interceptors), this class
 * binds each to the service that lists its class and starts relay, consumers, deadlines and errands. Nest's own Kafka transport acks
 * before handling, blocks a partition on one bad message and cannot batch (ADR 0001).
 */
export class FactsStrategy extends Server implements CustomTransportStrategy {
  /** Nest then gives failures to us instead of logging them away. */
  override readonly propagatesEventHandlerErrors = true;
  private running: RunningService[] = [];
  private readonly settings: Settings;
  private readonly report: Report;

  constructor(private readonly options: StrategyOptions) {
    super();
    this.settings = { ...defaults, ...options.settings };
    this.report = { onMetric: options.onMetric ?? (() => {}), log: options.log ?? logToStderr };
  }

  /** Called by `app.startAllMicroservices()`. Fails when a class with handlers belongs to no service. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      const handlers = this.collect();
      for (const setup of this.options.services) {
        this.running.push(await startService(setup, handlers.get(setup) ?? { facts: [], deadlines: [], errands: [] }, this.settings, this.report));
      }
      callback();
    } catch (error) {
      await this.close();
      callback(error); // Nest rejects with it; a throw would be nobody's
    }
  }

  /** Called by `app.close()`: batches in hand are finished and committed, groups are left, the relay's lease is given back. */
  async close(): Promise<void> {
    const running = this.running;
    this.running = [];
    await Promise.all(running.map((service) => service.stop()));
  }

  /** Hands facts to a service's consumers as the broker would, inbox and all, or to one group's alone; resolves when handled. */
  deliver(service: string, facts: Fact | readonly Fact[], group?: string): Promise<{ handled: number; duplicates: number; diverted: number }> {
    return this.service(service).deliver(Array.isArray(facts) ? (facts as readonly Fact[]) : [facts as Fact], group);
  }

  /** Resolves when no service has anything left to do at the present business time; throws with the figures after `timeoutMs` (30,000). */
  settle({ timeoutMs = 30_000 }: { timeoutMs?: number } = {}): Promise<void> {
    return settle(this.running, timeoutMs);
  }

  health(): { ok: boolean; groups: { service: string; group: string; ok: boolean; reason?: string }[] } {
    const groups = this.running.flatMap((service) => service.groups.map((group) => ({ service: service.name, group: group.name, ...group.health() })));
    return { ok: groups.every((group) => group.ok), groups };
  }

  /** Figures that must be asked for, by service; costs a few index look-ups each. */
  async gauges(): Promise<Record<string, Gauges>> {
    return Object.fromEntries(await Promise.all(this.running.map(async (service) => [service.name, await service.gauges()] as const)));
  }

  override on(): never {
    throw new Error('The facts strategy emits no events: use onMetric and health()');
  }

  override unwrap<T>(): T {
    return this as unknown as T;
  }

  private service(name: string): RunningService {
    const found = this.running.find((service) => service.name === name);
    if (found === undefined) throw new Error(`${name} does not run here: ${this.running.map((service) => service.name).join(', ') || 'nothing does yet'}`);
    return found;
  }

  private collect(): Map<ServiceSetup, ServiceHandlers> {
    const found = new Map<ServiceSetup, ServiceHandlers>();
    for (const nest of this.messageHandlers.values()) {
      const extras = nest.extras as Partial<Declared> | undefined;
      if (extras?.peyvand === undefined || extras.owner === undefined || extras.method === undefined) continue;
      const setup = this.options.services.find((service) => service.controllers.some((one) => one === extras.owner));
      if (setup === undefined) throw new Error(`${extras.method} belongs to no service: list its class in that service's consumers`);
      const all = found.get(setup) ?? { facts: [], deadlines: [], errands: [] };
      found.set(setup, all);
      add(all, extras.peyvand, extras.method, (payload, context) => rejecting(nest(payload, context)));
    }
    return found;
  }
}

export const createStrategy = (options: StrategyOptions): FactsStrategy => new FactsStrategy(options);

type Call = (payload: unknown, context?: unknown) => Promise<unknown>;

const add = (all: ServiceHandlers, declaration: Declared['peyvand'], name: string, call: Call): void => {
  if (declaration.kind === 'fact') all.facts.push({ name, call, ...declaration });
  else if (declaration.kind === 'deadline') all.deadlines.push({ name, kind: declaration.deadline, batch: declaration.batch, call: call as ServiceHandlers['deadlines'][number]['call'] });
  else all.errands.push({ name, kind: declaration.deadline, batch: declaration.batch, call: call as ServiceHandlers['errands'][number]['call'] });
};

/** Nest answers a failure with an observable that errors: unless it is awaited, a failed fact counts as handled. */
const rejecting = async (answer: unknown): Promise<unknown> => {
  const result = await answer;
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
};
