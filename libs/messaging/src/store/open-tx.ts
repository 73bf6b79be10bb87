import type { NewFact } from '@peyvand/contracts';
import type { Instant } from '@peyvand/kernel';
import type { ClientBase, QueryResult } from 'pg';
import type { Cause } from '../cause.js';
import type { Deadline, Tx } from '../tx.js';
import { causeOf, insertFacts, pendingOf, type Pending } from './publish.js';
import { execute, gather } from './statement.js';

type Setting = { readonly client: ClientBase; readonly service: string; readonly role: string };

/** One transaction's state, shared by the views handlers get of it. */
export class OpenTx {
  private facts: Pending[] = [];
  private gathers = false;
  /** The earliest due time set inside: a batch of deadlines stops there so that due order holds, and the runners are woken for it. */
  earliest = Infinity;

  constructor(private readonly setting: Setting) {}

  /** How many facts are waiting: with `forget`, undoes the publishing of a handler that was rolled back to a savepoint. */
  get mark(): number {
    return this.facts.length;
  }

  forget(mark: number): void {
    this.facts.length = mark;
  }

  /** Whether a statement may be sent before the one before it was answered. */
  get pipelines(): boolean {
    return (this.setting.client as { pipeline?: boolean }).pipeline === true;
  }

  /** While `work` runs, statements that several of its branches send at once share a packet. */
  async gathering(work: () => Promise<void>): Promise<void> {
    this.gathers = true;
    await work().finally(() => (this.gathers = false));
  }

  /** Inserts what was published; answers whether there was anything. */
  async flush(): Promise<boolean> {
    if (this.facts.length === 0) return false;
    const facts = this.facts;
    this.facts = [];
    await insertFacts(this.setting.client, facts, this.setting.role);
    return true;
  }

  /** What a handler sees. `cause` undefined means every publish must name its own (batch handlers). */
  view(now: Instant, cause: Cause | undefined): Tx {
    const { client, service, role } = this.setting;
    return {
      now,
      sql: async <Row>(text: string, values?: readonly unknown[]) => (await this.ask(text, values)).rows as Row[],
      run: async (text, values) => (await this.ask(text, values)).rowCount ?? 0,
      publish: async (facts, because) => this.publish(service, many(facts), now, because === undefined ? cause : causeOf(because)),
      schedule: (deadlines, because) => this.schedule(many(deadlines), (because ?? cause)?.correlationid ?? null),
      unschedule: async (kind, ...keys) => {
        if (keys.length > 0) await execute(client, dropDeadlines, [kind, keys], role);
      },
    };
  }

  private ask(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    const { client, role } = this.setting;
    if (this.gathers) gather(client);
    return execute(client, text, values, role);
  }

  private publish(service: string, facts: readonly NewFact[], now: Instant, cause: Cause | undefined): void {
    if (facts.length === 0) return;
    if (cause === undefined) throw new Error('A batch handler must say which fact caused what it publishes: tx.publish(facts, cause)');
    for (const fact of facts) this.facts.push(pendingOf(service, fact, now, cause));
  }

  private async schedule(deadlines: readonly Deadline[], correlationid: string | null): Promise<void> {
    if (deadlines.length === 0) return;
    // One statement may not touch a row twice: the last of equal keys wins, as it would one by one.
    const last = [...new Map(deadlines.map((deadline) => [`${deadline.kind}\n${deadline.key}`, deadline])).values()];
    this.earliest = Math.min(this.earliest, ...last.map((deadline) => deadline.dueAt));
    await execute(this.setting.client, setDeadlines, [
      last.map((deadline) => deadline.kind), last.map((deadline) => deadline.key),
      last.map((deadline) => new Date(deadline.dueAt).toISOString()), last.map((deadline) => JSON.stringify(deadline.data ?? null)), last.map((deadline) => deadline.cause?.correlationid ?? correlationid),
    ], this.setting.role);
  }
}

// `version`, drawn anew each time, lets an errand in flight notice that it was asked for anew meanwhile, or dropped and asked for again.
export const setDeadlines = `
  insert into deadlines (kind, key, due_at, data, correlationid)
  select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::jsonb[], $5::text[])
  on conflict (kind, key) do update
    set due_at = excluded.due_at, data = excluded.data, correlationid = excluded.correlationid, attempts = 0, state = 'due', next_try = null, error = null, version = excluded.version`;

export const dropDeadlines = 'delete from deadlines where kind = $1 and key = any($2::text[])';

const many = <T>(one: T | readonly T[]): readonly T[] => (Array.isArray(one) ? (one as readonly T[]) : [one as T]);
