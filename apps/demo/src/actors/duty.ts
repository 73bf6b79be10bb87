/** One kind of thing a person does again and again: what tells that there may be work, where it is listed, how one piece is done. */
export type Duty = {
  readonly name: string;
  /** Names of facts after which the list is worth reading; without them only the sweep reads it. */
  readonly on: readonly string[];
  /** Pieces of work that wait now. */
  list(): Promise<readonly Piece[]>;
};

/** `afterMs`: how long after it was first seen the person gets to it (making and driving take days, which are seconds here). */
export type Piece = { readonly id: string; readonly afterMs?: number; /** Done once, never again, though the list goes on showing it. */ readonly once?: true; do(): Promise<unknown> };

/** Not a failure: what the piece needs has not come yet. It is tried again, without a word. */
export class NotYet extends Error {}
