import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { isUuid, newId } from '@peyvand/kernel';

export type Locale = 'fa' | 'en';

/** What is known of a request before anybody looked at who sends it. `outcome` and `reason` are filled in by the use case, for the log. */
export type RequestContext = {
  /** This request and no other: what the facts it causes name, and the log line that says who asked for what. */
  readonly command: string;
  readonly correlationid: string;
  readonly traceparent: string;
  readonly locale: Locale;
  party?: string;
  outcome?: string;
  reason?: string;
};

const contexts = new AsyncLocalStorage<RequestContext>();

export const inContext = <T>(context: RequestContext, work: () => T): T => contexts.run(context, work);

/** The request under way; undefined outside one. */
export const currentRequest = (): RequestContext | undefined => contexts.getStore();

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Takes over a caller's correlation id and trace where they are well formed, else begins new ones. */
export const contextOf = (headers: Headers): RequestContext => {
  const correlation = one(headers['x-correlation-id']);
  return {
    command: `command/${newId()}`,
    correlationid: correlation !== undefined && isUuid(correlation) ? correlation : newId(),
    traceparent: traceOf(one(headers['traceparent'])),
    locale: localeOf(one(headers['accept-language'])),
  };
};

const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);

/** W3C Trace Context: keeps the trace, starts a span of our own. */
const traceOf = (header: string | undefined): string => {
  const [, trace, flags] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(header ?? '') ?? [];
  return `00-${trace ?? randomUUID().replaceAll('-', '')}-${randomUUID().slice(19).replace('-', '')}-${flags ?? '01'}`;
};

/** Persian unless English is asked for with more weight (RFC 9110 §12.5.4). */
export const localeOf = (header: string | undefined): Locale => {
  let [best, weight]: [Locale, number] = ['fa', 0];
  for (const part of (header ?? '').slice(0, 500).split(',')) {
    const [tag, ...parameters] = part.trim().toLowerCase().split(';');
    const language = tag?.split('-')[0];
    const q = Number(parameters.map((text) => text.trim()).find((text) => text.startsWith('q='))?.slice(2) ?? '1');
    if ((language === 'fa' || language === 'en') && q > weight) [best, weight] = [language, q];
  }
  return best;
};
