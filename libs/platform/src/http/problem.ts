import type { Locale } from './context.js';

/** A problem's HTTP status, its Persian sentence, its English sentence. `{name}` in a sentence is filled from the problem's details. */
export type ProblemEntry = readonly [status: number, fa: string, en: string];

export type FieldError = { readonly path: string; readonly code: string; readonly fa: string; readonly en: string };

/** Thrown at the rim to answer with problem+json (RFC 9457). Inside, refusals stay values. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly entry: ProblemEntry,
    readonly more: { readonly details?: Readonly<Record<string, unknown>>; readonly errors?: readonly FieldError[]; readonly headers?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
  ) {
    super(`${code}: ${entry[2]}`, { cause: more.cause });
    this.name = 'Problem';
  }
}

export type ProblemBody = Readonly<Record<string, unknown>> & {
  readonly type: string; readonly title: string; readonly status: number; readonly detail: string; readonly instance: string;
};

/** The body of the answer. Members of its own win over details of the same name. */
export const problemBody = ({ code, entry: [status, fa, en], more }: Problem, locale: Locale, instance: string): ProblemBody => {
  const sentence = locale === 'fa' ? fa : en;
  return {
    ...more.details,
    type: `urn:peyvand:problem:${code}`,
    title: firstSentence(sentence.replace(/\s*\{\w+\}/g, '')),
    status,
    detail: sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(more.details?.[name] ?? hole)),
    instance,
    ...(more.errors === undefined ? {} : {
      errors: more.errors.map((error) => ({ path: error.path, code: error.code, message: locale === 'fa' ? error.fa : error.en })),
    }),
  };
};

const firstSentence = (text: string): string => /^.*?[.؟!](?=\s|$)/.exec(text)?.[0] ?? text;
