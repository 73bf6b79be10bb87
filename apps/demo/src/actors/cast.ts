import { callerOf, type Caller } from '../api/api.js';

/** Everybody of the demo, each signed in on first use. */
export type Cast = (user: string) => Caller;

export const castOf = (apiUrl: string): Cast => {
  const callers = new Map<string, Caller>();
  return (user) => {
    const known = callers.get(user);
    if (known) return known;
    const caller = callerOf(apiUrl, user);
    callers.set(user, caller);
    return caller;
  };
};
