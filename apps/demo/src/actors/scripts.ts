/**
 * What an order has in store, decided before it is submitted: a story that must come out with exact figures (the hero's, a scenario's)
 * hands its part to the same people who serve every other order. Orders without a script follow each firm's habits.
 */
export type Script = {
  /** What the storekeeper counts, per line in order: short and rejected units. */
  readonly receipt?: readonly { readonly short: number; readonly rejected: number }[];
  /** What the seller does with its accepted paper: sells it to the best bid (default), keeps it, or signs it over to this supplier. */
  readonly paper?: 'sell' | 'keep' | { readonly endorseTo: string; readonly settles?: () => string | undefined };
  readonly invoiceNumber?: string;
  readonly waybill?: string;
  /** Called before that step is taken, for a story that needs the clock to stand nearly still. */
  readonly before?: Partial<Record<'receipt', () => Promise<void>>>;
  /** The producer neither declines nor changes it. */
  readonly steady?: true;
};

export class Scripts {
  private readonly byOrder = new Map<string, Script>();

  give(orderId: string, script: Script): void {
    this.byOrder.set(orderId, { steady: true, ...script });
  }

  of(orderId: string): Script | undefined {
    return this.byOrder.get(orderId);
  }
}

/** A repeatable "chance" between 0 and 1 for a thing of the demo: the same id, the same habit. */
export const chance = (id: string, salt: string): number => {
  let hash = 2_166_136_261;
  for (const letter of `${salt}/${id}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return hash / 2 ** 32;
};
