import type { PaymentTerms } from '@peyvand/contracts';
import { kinds as ofDelivery, type Does as DeliveryDoes } from '@peyvand/delivery/simulation';
import { kinds as ofFinancing, type Does as FinancingDoes } from '@peyvand/financing/simulation';
import { addDays, dayOf } from '@peyvand/kernel';
import { begin, kinds as ofOrders, type Does as OrdersDoes } from '@peyvand/orders/simulation';
import { scheduleFrom, type Schedule, type Step } from '@peyvand/testing/simulation';

export { begin };

/** What the parties do, by the service they ask. What one service tells another is nobody's step here. */
export type Does = `orders/${OrdersDoes}` | `delivery/${DeliveryDoes}` | `financing/${FinancingDoes}`;
export type TogetherStep = Step<Does>;

const told = { orders: ['deliver'], delivery: ['match', 'agree', 'secure', 'release'], financing: ['match', 'agree', 'release', 'receive', 'approve', 'credit'] };

const stepsOf = <S extends keyof typeof told, K extends string>(service: S, kinds: readonly K[]): `${S}/${K}`[] =>
  kinds.filter((kind) => !told[service].includes(kind)).map((kind) => `${service}/${kind}` as const);

// What a match's life hangs on comes oftener than by itself: matches are awarded and accepted, and their goods sent.
const kinds: readonly Does[] = [
  ...stepsOf('orders', ofOrders), ...stepsOf('delivery', ofDelivery), ...stepsOf('delivery', ofDelivery), ...stepsOf('financing', ofFinancing),
  'orders/award', 'orders/award', 'orders/accept', 'orders/accept', 'orders/accept', 'delivery/return',
];

/** Some schedules are quick and some slow; facts are as late in both. */
export const scheduleOf = (seed: number): Schedule<Does> => scheduleFrom(seed, kinds, begin, 60, 2 + (seed % 4));

/** Steps end within some weeks; then people do what still lies with them, day by day, until nothing does. */
export const lastDay = addDays(dayOf(begin), 330);

const terms: readonly PaymentTerms[] = [
  { days: 30, base: 'invoice', instrument: 'barat' }, { days: 0, base: 'invoice', instrument: 'cash' }, { days: 20, base: 'receipt', instrument: 'open' }, { days: 45, base: 'invoice', instrument: 'safte' },
];

/** What the nth offer asks. */
export const termsOf = (n: number): PaymentTerms => terms[n % terms.length] ?? { days: 0, base: 'invoice', instrument: 'cash' };
