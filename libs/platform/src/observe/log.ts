import { ConsoleLogger } from '@nestjs/common';
import { currentCause } from '@peyvand/messaging';
import { pino, type DestinationStream, type Logger } from 'pino';
import { currentRequest } from '../http/context.js';

export type Log = Logger;

/** Structured logs on stdout, one line each. Correlation comes from the request or fact at hand; bodies, names and tokens never get in. */
export const makeLog = (level: string, bindings: Readonly<Record<string, unknown>> = {}, to: DestinationStream = pino.destination({ dest: 1, sync: true })): Log =>
  pino({
    level,
    base: bindings,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const correlationid = currentRequest()?.correlationid ?? currentCause().correlationid;
      return correlationid === undefined ? {} : { correlationid };
    },
    serializers: { error: errorOf },
  }, to);

/** Nest's own messages: what goes wrong, and not what goes well. */
export class NestLog extends ConsoleLogger {
  constructor(private readonly to: Log) {
    super();
  }
  override log(): void {}
  override debug(): void {}
  override verbose(): void {}
  override warn(message: unknown): void {
    this.to.warn({ from: 'nest' }, String(message));
  }
  override error(message: unknown, ...rest: unknown[]): void {
    this.to.error({ from: 'nest', error: message instanceof Error ? message : rest.find((one) => one instanceof Error) }, String(message));
  }
}

/** Database errors carry the row that failed in `detail`; it can hold personal data, so only these members are written. */
const errorOf = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error === undefined ? undefined : String(error);
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  return {
    name: error.name, message: error.message, stack: error.stack, code, constraint, table,
    ...(error.cause === undefined ? {} : { cause: errorOf(error.cause) }),
  };
};
