import { has, type StoryFact } from '../api/story.js';
import type { Named } from '../world/parties.js';

export type Step = { readonly text: Named; readonly at?: string; readonly figures?: Readonly<Record<string, string>>; readonly bad?: true };

type Teller = { readonly text: Named; readonly of: 'sneakers' | 'second' | 'leather'; readonly name: string; readonly bad?: true; figures?(facts: readonly StoryFact[]): Record<string, unknown> };

/** The hero story as the live page tells it: which fact makes each step true, and its figures. */
const tellers: readonly Teller[] = [
  { of: 'sneakers', name: 'OrderSubmitted', text: { fa: 'هایپر نارون {quantity} جفت کتانی مدرسه سفارش داد', en: 'Hyper Narvan orders {quantity} pairs of school sneakers' }, figures: ([fact]) => ({ quantity: line(fact, 'quantity') }) },
  { of: 'sneakers', name: 'MatchMade', text: { fa: 'تخصیص به کفش گامک، هیدج: جفتی {price} ریال', en: 'Matched with Gamak Shoes of Hidaj at {price} rials a pair' }, figures: ([fact]) => ({ price: (lineOf(fact)?.['price'] as { amount?: string } | undefined)?.amount }) },
  { of: 'sneakers', name: 'LineUnmatched', bad: true, text: { fa: 'یک ردیف بی‌تأمین ماند؛ چاره: سقف قیمت {cure} ریال', en: 'One line stays unmatched; its cure: a ceiling of {cure} rials' }, figures: ([fact]) => ({ cure: (fact?.data['cure'] as { priceCeiling?: string } | undefined)?.priceCeiling }) },
  { of: 'sneakers', name: 'AwardApproved', text: { fa: 'مدیر بازرگانی ابلاغ خرید را تأیید کرد', en: 'The approver signs the award off' } },
  { of: 'sneakers', name: 'PurchaseOrderAccepted', text: { fa: 'گامک سفارش خرید را پذیرفت', en: 'Gamak accepts the purchase order' } },
  { of: 'sneakers', name: 'MatchSecured', text: { fa: 'سقف اعتبار رزرو شد؛ بار می‌تواند راه بیفتد', en: 'A limit is reserved: the goods may leave' } },
  { of: 'leather', name: 'OrderSubmitted', text: { fa: 'گامک از چرم‌سازی آذرگون {quantity} فوت چرم خواست', en: 'Gamak orders {quantity} square feet of leather from Azargoun' }, figures: ([fact]) => ({ quantity: line(fact, 'quantity') }) },
  { of: 'sneakers', name: 'ShipmentDispatched', text: { fa: 'بار با بارنامه از هیدج راهی رباط‌کریم شد', en: 'The load leaves Hidaj for Robat Karim under a waybill' } },
  { of: 'sneakers', name: 'GoodsReceived', text: { fa: 'رسید انبار با کد پیامکی: {short} کسری، {rejected} مردود، {accepted} پذیرفته', en: 'Received with a phone code: {short} short, {rejected} rejected, {accepted} accepted' }, figures: ([fact]) => ({ short: line(fact, 'short'), rejected: line(fact, 'rejected'), accepted: line(fact, 'accepted') }) },
  { of: 'sneakers', name: 'InvoiceMatched', text: { fa: 'تطبیق سه‌گانه: صورتحساب {gross} ریال با مالیات', en: 'Three-way match: an invoice of {gross} rials with tax' }, figures: ([fact]) => ({ gross: fact?.data['gross'] }) },
  { of: 'sneakers', name: 'InvoiceApproved', text: { fa: 'دو نفر تأیید کردند: بدهی قطعی شد', en: 'Two people approve: the debt is certain' } },
  { of: 'sneakers', name: 'InstrumentDrawn', text: { fa: 'برات ۹۰ روزه کشیده شد؛ حق تمبر {stampDuty} ریال', en: 'A 90-day barat is drawn; stamp duty {stampDuty}' }, figures: ([fact]) => ({ stampDuty: fact?.data['stampDuty'] }) },
  { of: 'sneakers', name: 'InstrumentAccepted', text: { fa: 'صاحب امضای نارون برات را قبول کرد', en: 'Narvan’s signatory accepts it' } },
  { of: 'sneakers', name: 'BidPlaced', text: { fa: '{count} پیشنهاد نرخ مهروموم‌شده رسید', en: '{count} sealed bids come in' }, figures: (facts) => ({ count: String(facts.length) }) },
  { of: 'sneakers', name: 'BidChosen', text: { fa: 'بهترین خالص: {net} ریال برای {days} روز', en: 'Best net: {net} rials for {days} days' }, figures: ([fact]) => ({ net: fact?.data['net'], days: fact?.data['days'] }) },
  { of: 'sneakers', name: 'FundsDisbursed', text: { fa: 'خرید دین: {amount} ریال به شبای گامک واریز شد', en: 'Debt purchased: {amount} rials paid to Gamak' }, figures: ([fact]) => ({ amount: fact?.data['amount'] }) },
  { of: 'second', name: 'InstrumentEndorsed', text: { fa: 'برات دوم، {face} ریال، با ظهرنویسی به آذرگون رسید', en: 'A second barat of {face} goes by endorsement to Azargoun' }, figures: ([fact]) => ({ face: fact?.data['face'] }) },
  { of: 'sneakers', name: 'PaymentCollected', text: { fa: 'سررسید: {amount} ریال از نارون وصول شد', en: 'Maturity: {amount} rials collected from Narvan' }, figures: ([fact]) => ({ amount: fact?.data['amount'] }) },
  { of: 'sneakers', name: 'CaseSettled', text: { fa: 'تسویه شد؛ دفتر کل صفر است', en: 'Settled; the ledger is at zero' } },
];

/** The steps so far, in the order of the story; a step without `at` has not happened. */
export const heroSteps = (stories: Readonly<Record<Teller['of'], readonly StoryFact[]>>): Step[] =>
  tellers.map(({ of, name, text, bad, figures }) => {
    const facts = stories[of].filter(has(name));
    const [first] = facts;
    return {
      text,
      ...(bad ? { bad } : {}),
      ...(first === undefined ? {} : { at: first.time, figures: Object.fromEntries(Object.entries(figures?.(facts) ?? {}).flatMap(([field, value]) => (value === undefined ? [] : [[field, String(value)]]))) }),
    };
  });

const lineOf = (fact: StoryFact | undefined): Record<string, unknown> | undefined => (fact?.data['lines'] as Record<string, unknown>[] | undefined)?.[0];
const line = (fact: StoryFact | undefined, field: string): unknown => lineOf(fact)?.[field];
