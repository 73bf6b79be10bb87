import type { NewFact } from '@peyvand/contracts';
import type { Instant } from '@peyvand/kernel';

/** What made something happen: a fact, or a deadline of a batch. Its story goes on in what follows. */
export type Because = { readonly id: string; readonly correlationid?: string; readonly traceparent?: string };

/** An open transaction: the only thing that can write or announce. */
export type Tx = {
  /** Business clock, read once when the transaction began (or the due time of the deadline being fired). */
  readonly now: Instant;
  /** Rows of a SELECT or RETURNING; prepared by its text, so keep data out of the text. bigint comes as string, timestamptz as Date. */
  sql<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Rows affected. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
  /** Stores facts just before COMMIT, in the order given. In a batch handler pass the fact or deadline that caused them. Throws on another service's contract. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- facts of different contracts travel in one list
  publish(facts: NewFact<any> | readonly NewFact<any>[], cause?: Because): Promise<void>;
  /** Sets deadlines; one with the same kind and key is moved. What they publish carries the story of `cause` (in a batch handler pass the fact, or name it in each deadline, else a new story begins). */
  schedule(deadlines: Deadline | readonly Deadline[], cause?: Because): Promise<void>;
  /** Drops deadlines that are no longer wanted; unknown keys are no error. */
  unschedule(kind: string, ...keys: string[]): Promise<void>;
};

/** `dueAt` is business time; `data` must survive JSON. `cause` is for batches, whose deadlines belong to different stories. */
export type Deadline = { readonly kind: string; readonly key: string; readonly dueAt: Instant; readonly data?: unknown; readonly cause?: Because };

/** A deadline whose time has come. */
export type Due<D = unknown> = { readonly kind: string; readonly key: string; readonly dueAt: Instant; readonly data: D };

/** One of a batch of deadlines: it can be named as the cause of what it leads to. */
export type DueOfMany<D = unknown> = Due<D> & Because;
