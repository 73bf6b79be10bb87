import type { Decision } from '@peyvand/kernel';
import type { Caller } from '@peyvand/platform';

type Answers<R extends string> = Readonly<Record<R, readonly [status: number, fa: string, en: string]>>;

/** One item of a bulk reply: what became of it, or the problem it met, in the caller's language. `id` names the item either way. */
export const bulkItem = <S, E, R extends string, I extends object, V extends object>(outcome: Decision<S, E, R>, id: I, refusals: Answers<R>, caller: Caller, view: (state: S) => V) => {
  if (outcome.ok) return { ok: true as const, ...id, ...view(outcome.state) };
  const [status, fa, en] = refusals[outcome.reason];
  return { ok: false as const, ...id, type: `urn:peyvand:problem:${outcome.reason}`, status, detail: sentence(caller.locale === 'fa' ? fa : en, outcome.details), ...outcome.details };
};

const sentence = (text: string, details: Readonly<Record<string, unknown>> = {}): string => text.replace(/\{(\w+)\}/g, (hole, name: string) => String(details[name] ?? hole));
