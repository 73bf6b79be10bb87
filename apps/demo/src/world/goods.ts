import { demoId, numberOf, producers, type Named, type ProducerKey } from './parties.js';

// What the firms make. Prices are illustrative rials per unit on 90 days; shorter terms cost less.

export type Variant = { readonly id: string; readonly code: string; readonly colour?: string; readonly size?: string };
export type Product = {
  readonly id: string;
  readonly producer: ProducerKey;
  readonly market: string;
  readonly title: Named;
  readonly unit: 'PR' | 'H87' | 'DZN' | 'FTK';
  readonly weightGrams: number;
  /** Rials per unit at 90 days. */
  readonly price: number;
  /** Units the producer could make in half a year beyond what it sells today: its idle capacity. */
  readonly idle: number;
  readonly minimum: number;
  readonly leadDays: number;
  readonly grade: 'A' | 'B' | 'C';
  readonly variants: readonly Variant[];
  /** A typical order of a chain, in units. */
  readonly usual: number;
};

type Draft = Omit<Product, 'id' | 'variants'> & { readonly code: string; readonly variants: readonly (readonly [suffix: string, colour?: string, size?: string])[] };

const drafts: readonly Draft[] = [
  { producer: 'azargoun', code: 'AZG-COW', market: 'cow-leather', title: { fa: 'چرم گاوی رویه', en: 'Cow upper leather' }, unit: 'FTK', weightGrams: 180, price: 1_200_000, idle: 90_000, minimum: 100, leadDays: 3, grade: 'A', usual: 900, variants: [['BLK', 'مشکی'], ['BRN', 'قهوه‌ای'], ['HON', 'عسلی']] },
  { producer: 'toos', code: 'TOS-LIN', market: 'lining-leather', title: { fa: 'چرم گوسفندی آستری', en: 'Sheep lining leather' }, unit: 'FTK', weightGrams: 90, price: 640_000, idle: 120_000, minimum: 100, leadDays: 3, grade: 'A', usual: 700, variants: [['NAT', 'طبیعی'], ['GRY', 'طوسی']] },
  { producer: 'gamak', code: 'GMK-SNK', market: 'children-shoes', title: { fa: 'کتانی بچگانهٔ گامک', en: 'Gamak children’s sneakers' }, unit: 'PR', weightGrams: 450, price: 4_150_000, idle: 60_000, minimum: 20, leadDays: 4, grade: 'A', usual: 240, variants: ['25', '26', '27', '28', '29', '30', '31', '32', '33', '34', '35'].map((size) => [size, 'سرمه‌ای', size] as const) },
  { producer: 'shokouh', code: 'SHK-SCH', market: 'school-shoes', title: { fa: 'کفش مدرسهٔ شکوه', en: 'Shokouh school shoes' }, unit: 'PR', weightGrams: 600, price: 4_980_000, idle: 48_000, minimum: 20, leadDays: 5, grade: 'A', usual: 180, variants: ['34', '36', '38', '40'].map((size) => [size, 'مشکی', size] as const) },
  { producer: 'shokouh', code: 'SHK-MEN', market: 'men-shoes', title: { fa: 'کفش مردانهٔ ماشینی شکوه', en: 'Shokouh machine-made men’s shoes' }, unit: 'PR', weightGrams: 850, price: 7_350_000, idle: 30_000, minimum: 20, leadDays: 6, grade: 'B', usual: 120, variants: ['41', '42', '43', '44'].map((size) => [size, 'قهوه‌ای', size] as const) },
  { producer: 'mina', code: 'MIN-BAG', market: 'leather-bags', title: { fa: 'کیف اداری چرم مینا', en: 'Mina leather briefcase' }, unit: 'H87', weightGrams: 1_100, price: 18_400_000, idle: 9_000, minimum: 10, leadDays: 7, grade: 'A', usual: 40, variants: [['BLK', 'مشکی'], ['BRN', 'قهوه‌ای']] },
  { producer: 'mina', code: 'MIN-SCH', market: 'school-bags', title: { fa: 'کولهٔ مدرسهٔ مینا', en: 'Mina school backpack' }, unit: 'H87', weightGrams: 700, price: 5_600_000, idle: 16_000, minimum: 20, leadDays: 6, grade: 'A', usual: 150, variants: [['BLU', 'آبی'], ['RED', 'قرمز']] },
  { producer: 'nakhara', code: 'NKH-BOY', market: 'school-uniforms', title: { fa: 'فرم مدرسهٔ پسرانهٔ نخ‌آرا', en: 'Nakhara boys’ school uniform' }, unit: 'H87', weightGrams: 520, price: 6_200_000, idle: 70_000, minimum: 30, leadDays: 5, grade: 'A', usual: 300, variants: ['36', '38', '40', '42'].map((size) => [size, 'طوسی', size] as const) },
  { producer: 'nakhara', code: 'NKH-GRL', market: 'school-uniforms', title: { fa: 'فرم مدرسهٔ دخترانهٔ نخ‌آرا', en: 'Nakhara girls’ school uniform' }, unit: 'H87', weightGrams: 560, price: 6_900_000, idle: 70_000, minimum: 30, leadDays: 5, grade: 'A', usual: 300, variants: ['36', '38', '40', '42'].map((size) => [size, 'سرمه‌ای', size] as const) },
  { producer: 'parseh', code: 'PRS-SOC', market: 'socks', title: { fa: 'جوراب نخی پارسه', en: 'Parseh cotton socks' }, unit: 'DZN', weightGrams: 480, price: 2_900_000, idle: 90_000, minimum: 20, leadDays: 3, grade: 'A', usual: 200, variants: [['KID', 'رنگی', 'بچگانه'], ['WMN', 'سفید', 'زنانه'], ['MEN', 'مشکی', 'مردانه']] },
  { producer: 'kavir', code: 'KVR-PUL', market: 'knitwear', title: { fa: 'بافت پاییزهٔ کویر', en: 'Kavir autumn pullover' }, unit: 'H87', weightGrams: 420, price: 8_700_000, idle: 26_000, minimum: 20, leadDays: 6, grade: 'B', usual: 120, variants: ['M', 'L', 'XL'].map((size) => [size, 'زرشکی', size] as const) },
  { producer: 'rahavard', code: 'RHV-SHD', market: 'leather-bags', title: { fa: 'کیف دوشی ره‌آورد', en: 'Rahavard shoulder bag' }, unit: 'H87', weightGrams: 800, price: 12_900_000, idle: 4_000, minimum: 5, leadDays: 8, grade: 'B', usual: 30, variants: [['BRN', 'قهوه‌ای'], ['GRN', 'زیتونی']] },
  { producer: 'aban', code: 'ABN-BOY', market: 'school-uniforms', title: { fa: 'فرم مدرسهٔ آبان', en: 'Aban school uniform' }, unit: 'H87', weightGrams: 540, price: 5_400_000, idle: 20_000, minimum: 30, leadDays: 5, grade: 'B', usual: 200, variants: [['38', 'طوسی', '38'], ['40', 'طوسی', '40']] },
];

export const products: readonly Product[] = drafts.map(({ variants, code, ...draft }, at) => ({
  ...draft,
  id: demoId('a0c0', numberOf(producers[draft.producer].id) * 100 + at),
  variants: variants.map(([suffix, colour, size], n) => ({
    id: demoId('a0d0', (numberOf(producers[draft.producer].id) * 100 + at) * 100 + n),
    code: `${code}-${suffix}`,
    ...(colour === undefined ? {} : { colour }),
    ...(size === undefined ? {} : { size }),
  })),
}));

/** The offer of a variant; one each. */
export const offerIdOf = (variantId: string): string => demoId('a0e0', Number(variantId.slice(-12)));

/** The variant with this code; throws when the demo has none (a slip of ours). */
export const variantByCode = (code: string): { readonly product: Product; readonly variant: Variant } => {
  for (const product of products) for (const variant of product.variants) if (variant.code === code) return { product, variant };
  throw new Error(`The demo makes no ${code}`);
};

export const terms = {
  cash: { days: 0, base: 'invoice', instrument: 'cash' },
  open30: { days: 30, base: 'invoice', instrument: 'open' },
  barat60: { days: 60, base: 'invoice', instrument: 'barat' },
  barat90: { days: 90, base: 'invoice', instrument: 'barat' },
} as const;

/** A quote per term: what waiting costs is in the price (3,950,000 cash, 4,150,000 at 90 days for the hero's sneakers). */
export const quotes = (price: number, validUntil: string) => [
  { terms: terms.cash, price: { amount: String(shorter(price, 0)), per: 1 }, validUntil },
  { terms: terms.open30, price: { amount: String(shorter(price, 30)), per: 1 }, validUntil },
  { terms: terms.barat60, price: { amount: String(shorter(price, 60)), per: 1 }, validUntil },
  { terms: terms.barat90, price: { amount: String(price), per: 1 }, validUntil },
];

const shorter = (price: number, days: number): number => Math.round((price * (1 - ((90 - days) / 90) * 0.048193)) / 10_000) * 10_000;
