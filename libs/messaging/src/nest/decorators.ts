import type { Fact, FactContract } from '@peyvand/contracts';
import { Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { Due, DueOfMany, Tx } from '../tx.js';

/** What a decorator says about a method; travels to the strategy as the pattern's extras. */
export type Declaration =
  | { readonly kind: 'fact'; readonly types: readonly string[]; readonly topics: readonly string[]; readonly batch: boolean; readonly apart?: boolean; readonly group?: string }
  | { readonly kind: 'deadline' | 'errand'; readonly deadline: string; readonly batch: boolean };

export type Declared = { readonly peyvand: Declaration; readonly owner: object; readonly method: string };

export type HandlerOptions = { /** Consumer group with an inbox, offsets and parking of its own; the service's name when left out. */ readonly group?: string };

export type OneOptions = HandlerOptions & {
  /**
   * Promises that facts of different keys read and write no row in common. Facts of different keys are then under way at once in the
   * transaction, each key's still one after the other: statements of many facts share a round trip. Row locks do not keep them apart.
   */
  readonly apart?: true;
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- contracts of different data stand in one list
type Contracts = FactContract<any> | readonly FactContract<any>[];
type Data<C> = C extends FactContract<infer D> ? D : C extends readonly FactContract<infer D>[] ? D : never;
// Generic in the method, so that one with fewer parameters or wider types fits too.
type Method<Args extends unknown[], R> = <M extends (...args: Args) => Promise<R>>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>) => void;

/** Handles facts one at a time, in the transaction of their batch. `tx.publish` takes the fact as cause by itself. */
export const OnFact = <C extends Contracts>(contracts: C, options: OneOptions = {}): Method<[fact: Fact<Data<C>>, tx: Tx], unknown> =>
  declare(factDeclaration(contracts, options, false));

/** Handles many facts at once (hot paths: one UNNEST statement for all). `tx.publish` must name the cause. */
export const OnFacts = <C extends Contracts>(contracts: C, options: HandlerOptions = {}): Method<[facts: Fact<Data<C>>[], tx: Tx], unknown> =>
  declare(factDeclaration(contracts, options, true));

/** Fires when the business clock reaches a deadline of that kind; `tx.now` is its due time and the row is deleted in the same transaction. */
export const OnDeadline = (kind: string): Method<[due: Due<any>, tx: Tx], unknown> => declare({ kind: 'deadline', deadline: kind, batch: false }); // eslint-disable-line @typescript-eslint/no-explicit-any

/** The same for a hot kind: all that fall due at one moment come together; `tx.now` is that moment, and what is published names its deadline as cause. */
export const OnDeadlines = (kind: string): Method<[dues: DueOfMany<any>[], tx: Tx], unknown> => declare({ kind: 'deadline', deadline: kind, batch: true }); // eslint-disable-line @typescript-eslint/no-explicit-any

/** Talks to the outside without a transaction; the function it answers records the outcome in one. A throw is retried with backoff. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has data of its own
export const OnErrand = (kind: string): Method<[due: Due<any>], (tx: Tx) => Promise<unknown>> => declare({ kind: 'errand', deadline: kind, batch: false });

/**
 * The same for a hot kind whose outside takes many at once: what is recorded are those still wanted (`taken`). A batch that fails is called
 * again one by one, so one bad errand holds up nobody.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export const OnErrands = (kind: string): Method<[dues: DueOfMany<any>[]], (tx: Tx, taken: readonly DueOfMany<any>[]) => Promise<unknown>> => declare({ kind: 'errand', deadline: kind, batch: true });

const factDeclaration = (contracts: Contracts, { group, apart }: OneOptions, batch: boolean): Declaration => {
  const list: readonly FactContract[] = Array.isArray(contracts) ? contracts : [contracts as FactContract];
  return { kind: 'fact', types: list.map((one) => one.type), topics: [...new Set(list.map((one) => one.topic))], batch, ...(apart === undefined ? {} : { apart }), ...(group === undefined ? {} : { group }) };
};

/** Nest wraps handler errors into its own; ours must reach the strategy as they are, because NotYet and Poison mean something. */
@Catch()
class KeepError implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

let count = 0;

const declare = (declaration: Declaration) => (target: object, key: string, descriptor: PropertyDescriptor): void => {
  const method = `${target.constructor.name}.${key}`;
  if (Reflect.getMetadataKeys(descriptor.value as object).some((name) => String(name).startsWith('microservices:'))) {
    throw new Error(`${method} has two handler decorators; list the contracts in one`);
  }
  // Nest chains handlers of one pattern and reports only the chain, so each method gets a pattern of its own; the type is in the extras.
  const extras: Declared = { peyvand: declaration, owner: target.constructor, method };
  EventPattern(`${method}#${++count}`, extras)(target, key, descriptor);
  UseFilters(new KeepError())(target, key, descriptor);
  // Without these two Nest hands over the payload alone.
  Payload()(target, key, 0);
  Ctx()(target, key, 1);
};
