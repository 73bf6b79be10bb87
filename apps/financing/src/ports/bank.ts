/** An instruction to the banking system. `paymentId` is its idempotency key there: the same id twice moves money once. */
export type PaymentOrder = { readonly paymentId: string; readonly fromSheba: string; readonly toSheba: string; readonly amount: string; readonly debtorId: string };

export type PaymentAnswer = { readonly outcome: 'done'; readonly bankRef: string } | { readonly outcome: 'refused'; readonly reason: string }
  /** Not known yet: asked again later with the same id. */
  | { readonly outcome: 'pending' };

export type AccountAnswer = { readonly verified: true } | { readonly verified: false; readonly reason: string } | { readonly verified: 'pending' };

/** The banks, seen from here. Throws when they could not be reached: the caller asks again with the same id. */
export abstract class Bank {
  /** Moves money from a funder to a seller, or between parties by way of recourse. */
  abstract pay(order: PaymentOrder): Promise<PaymentAnswer>;
  /** Draws money from a debtor's account on its standing mandate. */
  abstract collect(order: PaymentOrder): Promise<PaymentAnswer>;
  /** The same for many, as payment files carry them; answers in the order asked. */
  payMany(orders: readonly PaymentOrder[]): Promise<PaymentAnswer[]> {
    return Promise.all(orders.map((order) => this.pay(order)));
  }
  collectMany(orders: readonly PaymentOrder[]): Promise<PaymentAnswer[]> {
    return Promise.all(orders.map((order) => this.collect(order)));
  }
  /** Does this Sheba belong to that party? */
  abstract verifyAccount(sheba: string, partyId: string): Promise<AccountAnswer>;
}
