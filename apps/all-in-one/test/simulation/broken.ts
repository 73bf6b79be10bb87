import type { Hears } from '@peyvand/testing/simulation';

export type Service = 'orders' | 'delivery' | 'financing';
type Services = Readonly<Record<Service, Hears>>;
type Heard = Hears[string];

/** A fact that a service does not hear. */
const deafTo = (service: Service, ...facts: string[]) => (all: Services): Services =>
  ({ ...all, [service]: Object.fromEntries(Object.entries(all[service]).filter(([name]) => !facts.includes(name))) });

/** A fact that a service takes for another. */
const misheard = (service: Service, fact: string, as: (hear: Heard, hears: Hears) => Heard) => (all: Services): Services => {
  const hear = all[service][fact];
  if (hear === undefined) throw new Error(`${service} does not hear ${fact}`);
  return { ...all, [service]: { ...all[service], [fact]: as(hear, all[service]) } };
};

/** Delivery plans what was matched, not what the two sides then agreed. */
const planAsMatched = (all: Services): Services => {
  const made = new Map<string, unknown>();
  const { MatchMade, PurchaseOrderAccepted } = all.delivery;
  const delivery: Hears = {
    ...all.delivery,
    MatchMade: (data) => { made.set(data.matchId, data); return MatchMade?.(data); },
    PurchaseOrderAccepted: (data) => PurchaseOrderAccepted?.(made.get(data.matchId) ?? data),
  };
  return { ...all, delivery };
};

/** Orders trusts that a receipt is heard before its settlement, though they travel on two topics. */
const settleOnlyWhatWasReceived = (all: Services): Services => {
  const received = new Set<string>();
  const { GoodsReceived, CaseSettled } = all.orders;
  const orders: Hears = {
    ...all.orders,
    GoodsReceived: (data) => { received.add(data.shipmentId); return GoodsReceived?.(data); },
    CaseSettled: (data) => (received.has(data.shipmentId) ? CaseSettled?.(data) : undefined),
  };
  return { ...all, orders };
};

export const asBuilt = (services: Services): Services => services;

/** Ways to build it wrongly that no service shows alone. */
export const variants = {
  'settlement-untold': deafTo('orders', 'CaseSettled'),
  'settlement-before-receipt-lost': settleOnlyWhatWasReceived,
  'release-untold-to-financing': deafTo('financing', 'MatchReleased'),
  'release-untold-to-delivery': deafTo('delivery', 'MatchReleased'),
  'failed-delivery-untold-to-financing': deafTo('financing', 'DeliveryFailed'),
  'goods-leave-unsecured': misheard('delivery', 'PurchaseOrderAccepted', (hear, hears) => (data) => { hears['MatchSecured']?.(data); return hear(data); }),
  'invoiced-before-tax': misheard('financing', 'InvoiceApproved', (hear) => (data) => hear({ ...data, gross: data.goods })),
  'covered-before-tax': misheard('financing', 'PurchaseOrderAccepted', (hear) => (data) => hear({ ...data, amount: String((BigInt(data.amount) * 10n) / 11n) })),
  'first-receipt-taken-for-the-last': misheard('orders', 'GoodsReceived', (hear) => (data) => hear({ ...data, remaining: 0 })),
  'planned-as-matched': planAsMatched,
  // The inbox is the clock's: it lets the second copy through.
  'fact-heard-twice': asBuilt,
} satisfies Readonly<Record<string, (services: Services) => Services>>;

export type Variant = keyof typeof variants;
