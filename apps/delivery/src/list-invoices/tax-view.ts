import type { TaxDocument, TaxState } from '../domain/tax-document.js';

/** What stands in the tax system, in words; what is to be done where something is. */
export const taxWords: Readonly<Record<TaxState, readonly [fa: string, en: string]>> = {
  'not-needed': ['نیازی به ارسال به سامانهٔ مؤدیان نیست', 'Need not be sent to the tax system'],
  'not-sent': ['هنوز به سامانهٔ مؤدیان فرستاده نشده', 'Not yet sent to the tax system'],
  'memory-id-missing': ['شناسهٔ یکتای حافظهٔ مالیاتی فروشنده ثبت نشده است؛ آن را به بهره‌بردار سامانه بدهید', 'The seller’s fiscal memory id is missing; give it to the operator'],
  'waiting-for-original': ['در انتظار ثبت صورتحساب مرجع', 'Waits until the invoice it refers to is registered'],
  sent: ['فرستاده‌شده، در انتظار پاسخ سامانه', 'Sent, not yet answered'],
  refused: ['سامانه نپذیرفته است', 'Refused by the tax system'],
  'awaiting-reaction': ['در انتظار واکنش', 'Registered, awaiting the buyer’s reaction'],
  confirmed: ['تأییدشده', 'Confirmed by the buyer'],
  'system-confirmed': ['تأیید سیستمی', 'Confirmed by the system: the buyer kept silent'],
  rejected: ['ردشده', 'Rejected by the buyer'],
  'reaction-not-needed': ['عدم نیاز به واکنش', 'Needs no reaction'],
  'reaction-not-possible': ['عدم امکان واکنش', 'Cannot be reacted to'],
  cancelled: ['ابطال‌شده', 'Cancelled'],
};

/** The tax side of an invoice or credit note; before its errand has run there is no document yet. */
export const taxView = (document: TaxDocument | undefined) => {
  const { state } = document ?? { state: 'not-sent' as const };
  const [fa, en] = taxWords[state];
  return {
    ...(document !== undefined && 'taxId' in document ? { taxId: document.taxId } : {}),
    tax: {
      state, text: { fa, en },
      ...(document !== undefined && 'registeredOn' in document ? { registeredOn: document.registeredOn, reactBy: document.reactBy } : {}),
      ...(document !== undefined && 'reason' in document ? { reason: document.reason } : {}),
    },
  };
};
