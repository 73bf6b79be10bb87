import type { Fault } from './domain/faults.js';

type Words = readonly [fa: string, en: string];

/** What is wrong with a field, and how to mend it, for the person who sent it. */
const words: Readonly<Record<string, Words>> = {
  'national-id-not-ten-digits': ['کد ملی ده رقم است. آن را از روی کارت ملی وارد کنید.', 'A kod-e melli has ten digits. Type it from the national card.'],
  'national-id-never-issued': ['چنین کد ملی‌ای صادر نشده است. آن را از روی کارت ملی وارد کنید.', 'No such kod-e melli was ever issued. Type it from the national card.'],
  'national-id-check-digit-wrong': ['رقم کنترل کد ملی درست نیست. یک رقم جابه‌جا یا اشتباه است.', 'The check digit of this kod-e melli is wrong. A digit is mistyped or swapped.'],
  'legal-id-not-eleven-digits': ['شناسهٔ ملی شخص حقوقی یازده رقم است. آن را از روزنامهٔ رسمی وارد کنید.', 'A shenase melli has eleven digits. Type it from the official gazette.'],
  'legal-id-never-issued': ['چنین شناسهٔ ملی‌ای صادر نشده است. آن را از روزنامهٔ رسمی وارد کنید.', 'No such shenase melli was ever issued. Type it from the official gazette.'],
  'legal-id-check-digit-wrong': ['رقم کنترل شناسهٔ ملی درست نیست. یک رقم جابه‌جا یا اشتباه است.', 'The check digit of this shenase melli is wrong. A digit is mistyped or swapped.'],
  'sheba-not-ir-and-24-digits': ['شبا با IR آغاز می‌شود و ۲۴ رقم دارد. آن را از بانک بگیرید.', 'A Sheba is IR and 24 digits. Copy it from the bank.'],
  'sheba-check-digits-wrong': ['رقم‌های کنترل شبا درست نیست. یک رقم جابه‌جا یا اشتباه است.', 'The check digits of this Sheba are wrong. A digit is mistyped or swapped.'],
  'postal-code-not-ten-digits': ['کد پستی ده رقم است.', 'A postal code has ten digits.'],
  'postal-code-never-issued': ['چنین کد پستی‌ای صادر نشده است. کد ده‌رقمی پشت قبض را وارد کنید.', 'No such postal code was ever issued. Type the ten digits from a utility bill.'],
  'gtin-wrong-length': ['بارکد (GTIN) باید ۸، ۱۲، ۱۳ یا ۱۴ رقم باشد.', 'A GTIN has 8, 12, 13 or 14 digits.'],
  'gtin-check-digit-wrong': ['رقم کنترل بارکد (GTIN) درست نیست. یک رقم جابه‌جا یا اشتباه است.', 'The check digit of this GTIN is wrong. A digit is mistyped or swapped.'],
  'gtin-repeated': ['این بارکد در همین درخواست دو بار آمده است. هر گونه بارکد خود را دارد.', 'This GTIN appears twice in the request. Each variant has its own.'],
  'gtin-taken': ['این بارکد از آنِ گونهٔ دیگری است. بارکد درست را وارد کنید یا آن را بردارید.', 'This GTIN belongs to another variant. Type the right one or leave it out.'],
  'code-repeated': ['این کد در همین درخواست دو بار آمده است. برای هر گونه یا بسته کد جدا بدهید.', 'This code appears twice in the request. Give each variant and pack its own.'],
  'code-taken': ['شما گونهٔ دیگری با همین کد دارید. کد دیگری بدهید.', 'You have another variant with this code. Give another code.'],
  'id-repeated': ['این شناسه دو بار آمده است. شناسهٔ تازه بدهید یا آن را بردارید.', 'This id appears twice. Give a fresh id or leave it out.'],
  'id-taken': ['این شناسه پیش‌تر به کار رفته است. شناسهٔ تازه بدهید یا آن را بردارید.', 'This id is taken. Give a fresh id or leave it out.'],
  'variant-repeated': ['این گونه در بسته دو بار آمده است. تعدادها را با هم جمع کنید.', 'This variant appears twice in the pack. Add the quantities up.'],
  'variant-not-of-product': ['این گونه از این کالا نیست. شناسه یا کد یکی از گونه‌های همین کالا را بدهید.', 'This is no variant of this product. Give the id or code of one of its variants.'],
  'window-ends-before-it-begins': ['پایان بازهٔ عرضه پیش از آغاز آن است. until را پس از from بگذارید.', 'The window ends before it begins. Set until on or after from.'],
  'window-is-over': ['بازهٔ عرضه گذشته است. until را امروز یا پس از آن بگذارید.', 'The window is over. Set until to today or later.'],
  'minimum-not-in-lots': ['حداقل سفارش باید مضربی از lot باشد.', 'The minimum must be a multiple of lot.'],
  'minimum-above-capacity': ['حداقل سفارش از ظرفیت بیشتر است. یکی از دو را تغییر دهید.', 'The minimum is above the capacity. Change one of them.'],
  'terms-repeated': ['برای این شرایط پرداخت دو بار قیمت آمده است. یکی را بردارید.', 'These payment terms have two prices. Remove one.'],
  'cash-has-no-days': ['پرداخت نقدی مهلت ندارد. days را صفر کنید یا ابزار دیگری برگزینید.', 'Cash has no days. Set days to 0 or choose another instrument.'],
  'price-is-zero': ['قیمت نمی‌تواند صفر باشد.', 'A price cannot be zero.'],
  'worth-too-much': ['این ظرفیت با این قیمت بیش از ۱۰۰ میلیون میلیارد ریال می‌ارزد. یکی از دو را درست کنید؛ شاید صفری زیاد است.', 'That capacity at that price is worth more than 10^17 rials. Mend one of them; perhaps there is a zero too many.'],
  'steps-not-rising': ['پله‌های قیمت باید از مقدار کم به زیاد باشند. from را بزرگ‌تر از پلهٔ پیش بگذارید.', 'The steps of a price go from small quantities to large. Set from above the step before.'],
  'steps-not-falling': ['قیمت هر پله باید از پلهٔ پیش کمتر باشد. amount را کمتر کنید یا پله را بردارید.', 'Each step is cheaper than the one before. Lower the amount or remove the step.'],
  'price-ends-before-window': ['اعتبار این قیمت پیش از آغاز بازهٔ عرضه تمام می‌شود. validUntil را دیرتر بگذارید.', 'This price ends before the window begins. Set validUntil later.'],
};

type Outcome = { readonly ok: boolean; readonly details?: Readonly<Record<string, unknown>> };

/** A refusal's field faults with a sentence each; anything else as it is. */
export const explained = <T extends Outcome>(outcome: T, locale: 'fa' | 'en'): T => {
  const errors = outcome.details?.['errors'] as readonly Fault[] | undefined;
  if (outcome.ok || errors === undefined) return outcome;
  return { ...outcome, details: { ...outcome.details, errors: errors.map((fault) => ({ ...fault, message: words[fault.code]?.[locale === 'fa' ? 0 : 1] ?? fault.code })) } };
};
