import { nameOf, type StoryFact } from '../api/story.js';
import { carrier, funders, networks, producers, type Named } from '../world/parties.js';

type Seat = { readonly party: 'buyer' | 'seller' | 'holder' | 'carrier' | 'platform'; readonly does: Named };

const seat = (party: Seat['party'], fa: string, en: string): Seat => ({ party, does: { fa, en } });

/** Whose move it is after a fact: who answers it, and with what. */
const moves: Readonly<Record<string, Seat>> = {
  OrderSubmitted: seat('platform', 'تخصیص', 'matching'),
  AwardProposed: seat('buyer', 'تأیید ابلاغ خرید', 'the approver’s word on the award'),
  PurchaseOrderIssued: seat('seller', 'پاسخ به سفارش خرید', 'an answer to the purchase order'),
  PurchaseOrderChangeProposed: seat('buyer', 'پاسخ به تغییر', 'an answer to the change'),
  PurchaseOrderAccepted: seat('platform', 'تضمین تخصیص', 'securing the match'),
  FinancingDeclined: seat('seller', 'پذیرش شرایط باز', 'its word on open terms'),
  MatchSecured: seat('seller', 'فرستادن بار', 'the dispatch'),
  ShipmentDispatched: seat('carrier', 'رساندن بار', 'the arrival'),
  ShipmentArrived: seat('buyer', 'رسید انبار', 'the storekeeper’s receipt'),
  GoodsReceived: seat('seller', 'صدور صورتحساب', 'the invoice'),
  InvoiceMatched: seat('buyer', 'بررسی و تأیید صورتحساب', 'checking and approving the invoice'),
  ReceivableOpened: seat('seller', 'کشیدن برات', 'drawing the barat'),
  InstrumentDrawn: seat('buyer', 'قبولی برات', 'the signatory’s acceptance'),
  InstrumentAccepted: seat('seller', 'فروش یا ظهرنویسی برات', 'selling or endorsing the barat'),
  BidChosen: seat('platform', 'پرداخت بانک به فروشنده', 'the bank’s payment to the seller'),
  PaymentDue: seat('platform', 'پاسخ بانک خریدار', 'the answer of the buyer’s bank'),
  PaymentFailed: seat('holder', 'واخواست', 'the protest'),
  ProtestLodged: seat('holder', 'رجوع', 'demanding recourse'),
  RecourseDemanded: seat('seller', 'پرداخت با رجوع', 'paying by recourse'),
};

const names = new Map<string, Named>([...Object.values(networks), ...Object.values(producers), ...Object.values(funders), carrier].map(({ id, name }) => [id, name]));
const platform: Named = { fa: 'سامانه', en: 'the platform' };

/** Who should have acted next in a story, with which deed. */
export const whoActs = (facts: readonly StoryFact[]): Named => {
  const last = facts.findLast((fact) => nameOf(fact) in moves);
  const move = last === undefined ? undefined : moves[nameOf(last)];
  if (move === undefined) return platform;
  // The holder is the funder that bought the paper.
  const [field, type] = move.party === 'holder' ? ['funderId', 'BidChosen'] : [`${move.party}Id`, undefined];
  const id = facts.findLast((fact) => (type === undefined || nameOf(fact) === type) && typeof fact.data[field] === 'string')?.data[field];
  const name = move.party === 'platform' ? platform : move.party === 'carrier' ? carrier.name : names.get(String(id)) ?? { fa: move.party, en: move.party };
  return { fa: `${name.fa}: ${move.does.fa}`, en: `${name.en}: ${move.does.en}` };
};
