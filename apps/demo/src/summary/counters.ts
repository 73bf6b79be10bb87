import type { Cast } from '../actors/cast.js';
import type { Named } from '../world/parties.js';

/** `rial` and `count` are whole numbers as text; `check` should be 0. */
export type Counter = { readonly key: string; readonly label: Named; readonly kind: 'rial' | 'count' | 'check'; readonly value: string; readonly note?: Named };

type OrderTotals = { readonly orders: Readonly<Record<string, number>>; readonly matched: string; readonly agreedRials: string; readonly offered: string; readonly committed: string };
type LedgerTotals = { readonly sum: string; readonly disbursed: string; };

/** The figures of the live page, from the services' own totals. Idle capacity put to work comes first: it is what the platform is for. */
export const counters = async (cast: Cast): Promise<Counter[]> => {
  const operator = cast('operator');
  const [orders, ledger] = await Promise.all([operator.get<OrderTotals>('/api/orders/totals'), operator.get<LedgerTotals>('/api/financing/ledger/totals')]);
  const share = Number(orders.offered) > 0 ? Math.round((Number(orders.committed) / Number(orders.offered)) * 1000) / 10 : 0;
  return [
    { key: 'idle-capacity', kind: 'rial', value: orders.agreedRials, label: { fa: 'ریال ظرفیت خالی به‌کارگرفته‌شده', en: 'idle capacity put to work' }, note: { fa: `${share.toLocaleString('fa-IR')}٪ آنچه عرضه شد`, en: `${share} % of what is offered` } },
    { key: 'orders', kind: 'count', value: String(Object.values(orders.orders).reduce((sum, one) => sum + one, 0)), label: { fa: 'سفارش شبکه‌های فروش', en: 'orders of retail networks' } },
    { key: 'matched', kind: 'count', value: orders.matched, label: { fa: 'واحد کالای تخصیص‌یافته', en: 'units matched' } },
    { key: 'disbursed', kind: 'rial', value: ledger.disbursed, label: { fa: 'ریال رسیده به تولیدکنندگان', en: 'paid out to producers' } },
    { key: 'ledger', kind: 'check', value: ledger.sum, label: { fa: 'تراز دفتر کل', en: 'ledger balance' } },
  ];
};
