/** Thrown by a handler: the fact it builds on has not been heard yet. The key waits, is retried as it hears more, and parks at a deadline. */
export class NotYet extends Error {
  constructor(readonly awaited: string, readonly id: string) {
    super(`${awaited} ${id} has not been heard yet`);
    this.name = 'NotYet';
  }
}

/** Thrown by a handler: this fact can never be handled. Its key parks at once; people decide. */
export class Poison extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'Poison';
  }
}

/** The connection broke while COMMIT was under way: the work may be stored or not. Ask again with the same idempotency key. */
export class AmbiguousCommit extends Error {
  constructor(cause: unknown) {
    super('The connection was lost during COMMIT: the outcome is unknown', { cause });
    this.name = 'AmbiguousCommit';
  }
}

export const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** Serialization failure or deadlock: the same work, begun anew, may succeed. */
export const isContention = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const networkWords = /connection terminated|client has encountered a connection error|timeout exceeded when trying to connect|not queryable|cannot use a pool after calling end/i;

/**
 * The database is away, restarting or out of resources (SQLSTATE classes 08, 53, 57P0x), or the network is. Such an error says nothing
 * about the fact being handled, so it never counts as an attempt and never parks a key.
 */
export const isOutage = (error: unknown): boolean => {
  const code = codeOf(error);
  if (error instanceof AmbiguousCommit || networkCodes.has(code)) return true;
  if (/^(08|53)/.test(code) || /^57P0[1-4]$/.test(code) || code === '25006') return true;
  return error instanceof Error && networkWords.test(error.message);
};

export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 2_000);
