import { idle, type Clock, type FactsStrategy, type Idleness, type Source } from '@peyvand/messaging';
import type { Config } from './platform.config.js';

/** What runs in this process; its own injection token, for the few who look across services (demo clock, merged documents). */
export class Running {
  /** Ready to be asked: databases migrated, consumers started, not closing. */
  ready = false;
  strategy: FactsStrategy | undefined;

  constructor(
    readonly config: Config,
    readonly clock: Clock,
    readonly sources: ReadonlyMap<string, Source>,
    /** The OpenAPI document of all services in this process, or of one. */
    readonly openApi: (service?: string) => Record<string, unknown>,
  ) {}

  /** What each service has still to do; all is quiet when unsent, due and lag are 0. */
  async idleness(): Promise<Record<string, Idleness>> {
    return Object.fromEntries(await Promise.all([...this.sources].map(async ([name, source]) => [name, await idle(source)] as const)));
  }
}
