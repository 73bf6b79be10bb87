/** What a rule answered: the new state with the facts it caused, or a refusal that says why not. Refusals are values; exceptions are bugs. */
export type Decision<State, Event, Refusal extends string> = Accepted<State, Event> | Refused<Refusal>;

export type Accepted<State, Event> = { readonly ok: true; readonly state: State; readonly events: readonly Event[] };

/** `reason` is a kebab-case fact; `details` are the data a person needs to mend it (they reach the caller, so nothing secret). */
export type Refused<Refusal extends string> = { readonly ok: false; readonly reason: Refusal; readonly details?: Readonly<Record<string, unknown>> };

export const accept = <State, Event>(state: State, ...events: readonly Event[]): Accepted<State, Event> => ({ ok: true, state, events });

export const refuse = <Refusal extends string>(reason: Refusal, details?: Readonly<Record<string, unknown>>): Refused<Refusal> =>
  details === undefined ? { ok: false, reason } : { ok: false, reason, details };

/** Closes a switch over a union: a new member that nobody handled does not compile. */
export const assertNever = (value: never): never => {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
};
