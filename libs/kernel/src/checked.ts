/** What reading a text as something stricter gave: the branded value, or a kebab-case reason why it is none. */
export type Checked<T, Reason extends string = string> = Valid<T> | Invalid<Reason>;

export type Valid<T> = { readonly ok: true; readonly value: T };

export type Invalid<Reason extends string = string> = { readonly ok: false; readonly reason: Reason };

export const valid = <T>(value: T): Valid<T> => ({ ok: true, value });

export const invalid = <Reason extends string>(reason: Reason): Invalid<Reason> => ({ ok: false, reason });
