type Words = readonly [fa: string, en: string];

/** What is wrong with a field, and how to mend it. */
const words: Readonly<Record<string, Words>> = {
  'legal-id-not-eleven-digits': ['شناسهٔ ملی شخص حقوقی یازده رقم است. آن را از روزنامهٔ رسمی وارد کنید.', 'A shenase melli has eleven digits. Type it from the official gazette.'],
  'legal-id-never-issued': ['چنین شناسهٔ ملی‌ای صادر نشده است. آن را از روزنامهٔ رسمی وارد کنید.', 'No such shenase melli was ever issued. Type it from the official gazette.'],
  'legal-id-check-digit-wrong': ['رقم کنترل شناسهٔ ملی درست نیست. یک رقم جابه‌جا یا اشتباه است.', 'The check digit of this shenase melli is wrong. A digit is mistyped or swapped.'],
  'gln-wrong-length': ['کد جهانی مکان (GLN) سیزده رقم است.', 'A GLN has 13 digits.'],
  'gln-check-digit-wrong': ['رقم کنترل GLN درست نیست. یک رقم جابه‌جا یا اشتباه است.', 'The check digit of this GLN is wrong. A digit is mistyped or swapped.'],
  'postal-code-not-ten-digits': ['کد پستی ده رقم است.', 'A postal code has ten digits.'],
  'postal-code-never-issued': ['چنین کد پستی‌ای صادر نشده است. کد ده‌رقمی پشت قبض را وارد کنید.', 'No such postal code was ever issued. Type the ten digits from a utility bill.'],
  'variant-or-gtin': ['از variantId و gtin درست یکی را بدهید.', 'Give either variantId or gtin, and only one of them.'],
  'gtin-wrong-length': ['بارکد (GTIN) باید ۸، ۱۲، ۱۳ یا ۱۴ رقم باشد.', 'A GTIN has 8, 12, 13 or 14 digits.'],
  'gtin-check-digit-wrong': ['رقم کنترل بارکد (GTIN) درست نیست. یک رقم جابه‌جا یا اشتباه است.', 'The check digit of this GTIN is wrong. A digit is mistyped or swapped.'],
  'gtin-unknown': ['هیچ کالای ثبت‌شده‌ای این بارکد را ندارد. variantId بدهید یا پس از ثبت کالا دوباره بفرستید.', 'No listed product has this GTIN. Give variantId, or send it again once the product is listed.'],
  'alternatives-too-many': ['یک کد بیش از ۵۱ کالا نمی‌پذیرد: یکی برتر و ۵۰ جایگزین. کم‌ترین‌ها را بردارید.', 'A code names at most 51 variants: the preferred one and 50 that do as well. Leave out the least preferred.'],
  'code-has-no-letters': ['کد باید دست‌کم یک حرف یا رقم داشته باشد.', 'A code needs at least one letter or digit.'],
};

type Outcome = { readonly ok: boolean; readonly details?: Readonly<Record<string, unknown>> };

/** A refusal's field faults with a sentence each; anything else as it is. */
export const explained = <T extends Outcome>(outcome: T, locale: 'fa' | 'en'): T => {
  const errors = outcome.details?.['errors'] as readonly { readonly path: string; readonly code: string }[] | undefined;
  if (outcome.ok || errors === undefined) return outcome;
  return { ...outcome, details: { ...outcome.details, errors: errors.map((fault) => ({ ...fault, message: words[fault.code]?.[locale === 'fa' ? 0 : 1] ?? fault.code })) } };
};
