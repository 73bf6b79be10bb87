// The demo's firms. Fictional, with valid check digits, in real towns and parks; marked «نمایشی» wherever they are shown.
// The sign-in issuer knows the same ids; the demo reaches everything through the public API and imports no service.

export type Named = { readonly fa: string; readonly en: string };
export type Network = { readonly id: string; readonly name: Named; readonly nationalId: string };
export type Producer = {
  readonly id: string;
  readonly name: Named;
  readonly nationalId: string;
  readonly sheba: string;
  readonly place: { readonly placeId: string; readonly city: string; readonly province: string; readonly latitude: number; readonly longitude: number };
  readonly site: string;
  readonly kind: string;
  readonly licence: string;
  readonly small: boolean;
  readonly parkId?: string;
};
export type Funder = { readonly id: string; readonly name: Named; readonly sheba: string; readonly kind: string };

export const networks = {
  narvan: { id: '0199a000-0000-7000-8000-000000000101', name: { fa: 'هایپر نارون', en: 'Hyper Narvan' }, nationalId: '14003007078' },
  sarvestan: { id: '0199a000-0000-7000-8000-000000000102', name: { fa: 'خانهٔ پوشاک سروستان', en: 'Sarvestan Clothing House' }, nationalId: '14003007141' },
  mehrayin: { id: '0199a000-0000-7000-8000-000000000103', name: { fa: 'بازار مهرآیین', en: 'Mehrayin Bazaar' }, nationalId: '14003007215' },
} as const satisfies Record<string, Network>;

export const producers = {
  azargoun: { id: '0199a000-0000-7000-8000-000000000201', name: { fa: 'چرم‌سازی آذرگون', en: 'Azargoun Tannery' }, nationalId: '14003014070', sheba: 'IR890120000000004000000201', place: { placeId: '0199a000-0000-7000-a000-000000000201', city: 'تبریز', province: 'آذربایجان شرقی', latitude: 38.06667, longitude: 46.3 }, site: 'industrial-park', kind: 'factory', licence: 'operation', small: false, parkId: '0199a000-0000-7000-b000-000000000001' },
  gamak: { id: '0199a000-0000-7000-8000-000000000202', name: { fa: 'کفش گامک', en: 'Gamak Shoes' }, nationalId: '14003014143', sheba: 'IR620120000000004000000202', place: { placeId: '0199a000-0000-7000-a000-000000000202', city: 'هیدج', province: 'زنجان', latitude: 36.25, longitude: 49.13 }, site: 'workshop-complex', kind: 'workshop', licence: 'operation', small: true, parkId: '0199a000-0000-7000-b000-000000000002' },
  shokouh: { id: '0199a000-0000-7000-8000-000000000203', name: { fa: 'پاپوش شکوه', en: 'Shokouh Footwear' }, nationalId: '14003014217', sheba: 'IR350120000000004000000203', place: { placeId: '0199a000-0000-7000-a000-000000000203', city: 'قم', province: 'قم', latitude: 34.63994, longitude: 50.87594 }, site: 'industrial-park', kind: 'factory', licence: 'operation', small: true, parkId: '0199a000-0000-7000-b000-000000000003' },
  mina: { id: '0199a000-0000-7000-8000-000000000204', name: { fa: 'سراجی مینا', en: 'Mina Leather Goods' }, nationalId: '14003014289', sheba: 'IR080120000000004000000204', place: { placeId: '0199a000-0000-7000-a000-000000000204', city: 'همدان', province: 'همدان', latitude: 34.79922, longitude: 48.51456 }, site: 'industrial-park', kind: 'workshop', licence: 'operation', small: true, parkId: '0199a000-0000-7000-b000-000000000004' },
  nakhara: { id: '0199a000-0000-7000-8000-000000000205', name: { fa: 'نخ‌آرا', en: 'Nakhara Uniforms' }, nationalId: '14003014352', sheba: 'IR780120000000004000000205', place: { placeId: '0199a000-0000-7000-a000-000000000205', city: 'رباط کریم', province: 'تهران', latitude: 35.48472, longitude: 51.08278 }, site: 'industrial-park', kind: 'factory', licence: 'operation', small: true, parkId: '0199a000-0000-7000-b000-000000000005' },
  parseh: { id: '0199a000-0000-7000-8000-000000000206', name: { fa: 'جوراب پارسه', en: 'Parseh Hosiery' }, nationalId: '14003014426', sheba: 'IR510120000000004000000206', place: { placeId: '0199a000-0000-7000-a000-000000000206', city: 'پاکدشت', province: 'تهران', latitude: 35.46689, longitude: 51.68606 }, site: 'industrial-park', kind: 'factory', licence: 'operation', small: true, parkId: '0199a000-0000-7000-b000-000000000006' },
  kavir: { id: '0199a000-0000-7000-8000-000000000207', name: { fa: 'تریکو کویر', en: 'Kavir Knitwear' }, nationalId: '14003014498', sheba: 'IR240120000000004000000207', place: { placeId: '0199a000-0000-7000-a000-000000000207', city: 'یزد', province: 'یزد', latitude: 31.89722, longitude: 54.3675 }, site: 'industrial-park', kind: 'factory', licence: 'operation', small: true, parkId: '0199a000-0000-7000-b000-000000000007' },
  toos: { id: '0199a000-0000-7000-8000-000000000208', name: { fa: 'چرم توس', en: 'Toos Leather' }, nationalId: '14003014561', sheba: 'IR940120000000004000000208', place: { placeId: '0199a000-0000-7000-a000-000000000208', city: 'مشهد', province: 'خراسان رضوی', latitude: 36.26046, longitude: 59.61675 }, site: 'industrial-park', kind: 'factory', licence: 'operation', small: false, parkId: '0199a000-0000-7000-b000-000000000008' },
  rahavard: { id: '0199a000-0000-7000-8000-000000000209', name: { fa: 'کیف‌دوزی ره‌آورد', en: 'Rahavard Bag Workshop' }, nationalId: '2298002096', sheba: 'IR670120000000004000000209', place: { placeId: '0199a000-0000-7000-a000-000000000209', city: 'شیراز', province: 'فارس', latitude: 29.59177, longitude: 52.5837 }, site: 'none', kind: 'guild-unit', licence: 'guild', small: true },
  aban: { id: '0199a000-0000-7000-8000-000000000210', name: { fa: 'تولیدی پوشاک آبان', en: 'Aban Apparel' }, nationalId: '14003014709', sheba: 'IR400120000000004000000210', place: { placeId: '0199a000-0000-7000-a000-000000000210', city: 'شهریار', province: 'تهران', latitude: 35.65972, longitude: 51.05917 }, site: 'industrial-zone', kind: 'workshop', licence: 'operation', small: true },
  elgoli: { id: '0199a000-0000-7000-8000-000000000211', name: { fa: 'کفش ائل‌گلی', en: 'El-Goli Shoes' }, nationalId: '14003014785', sheba: 'IR130120000000004000000211', place: { placeId: '0199a000-0000-7000-a000-000000000211', city: 'تبریز', province: 'آذربایجان شرقی', latitude: 38.06667, longitude: 46.3 }, site: 'industrial-zone', kind: 'workshop', licence: 'operation', small: true },
  sepidar: { id: '0199a000-0000-7000-8000-000000000212', name: { fa: 'تولیدی سپیدار', en: 'Sepidar Apparel' }, nationalId: '14003014859', sheba: 'IR830120000000004000000212', place: { placeId: '0199a000-0000-7000-a000-000000000212', city: 'اصفهان', province: 'اصفهان', latitude: 32.65463, longitude: 51.66798 }, site: 'industrial-park', kind: 'workshop', licence: 'operation', small: true, parkId: '0199a000-0000-7000-b000-000000000101' },
  binaloud: { id: '0199a000-0000-7000-8000-000000000213', name: { fa: 'بافت بینالود', en: 'Binaloud Knitting' }, nationalId: '14003014922', sheba: 'IR560120000000004000000213', place: { placeId: '0199a000-0000-7000-a000-000000000213', city: 'مشهد', province: 'خراسان رضوی', latitude: 36.26046, longitude: 59.61675 }, site: 'industrial-park', kind: 'factory', licence: 'operation', small: true, parkId: '0199a000-0000-7000-b000-000000000102' },
} as const satisfies Record<string, Producer>;

export const funders = {
  ayineh: { id: '0199a000-0000-7000-8000-000000000301', name: { fa: 'بانک آیینهٔ صنعت', en: 'Ayineh Bank of Industry' }, sheba: 'IR410170000000004000000301', kind: 'bank' },
  resaleh: { id: '0199a000-0000-7000-8000-000000000302', name: { fa: 'بانک رسالهٔ تجارت', en: 'Resaleh Bank of Trade' }, sheba: 'IR140170000000004000000302', kind: 'bank' },
  pezhvak: { id: '0199a000-0000-7000-8000-000000000303', name: { fa: 'فاکتورینگ پژواک', en: 'Pezhvak Factoring' }, sheba: 'IR840170000000004000000303', kind: 'factor' },
} as const satisfies Record<string, Funder>;

/** Parks that the operator opens; the others are known from the start. */
export const parks = [
  { id: '0199a000-0000-7000-b000-000000000101', site: 'industrial-park', name: { fa: 'شهرک صنعتی جی', en: 'Jey Industrial Park' }, city: 'اصفهان', province: 'اصفهان', latitude: 32.65463, longitude: 51.66798 },
  { id: '0199a000-0000-7000-b000-000000000102', site: 'industrial-park', name: { fa: 'شهرک صنعتی توس', en: 'Toos Industrial Park' }, city: 'مشهد', province: 'خراسان رضوی', latitude: 36.26046, longitude: 59.61675 },
] as const;

export const carrier = { id: '0199a000-0000-7000-8000-000000000401', name: { fa: 'ترابری راه‌ابریشم زنجان', en: 'Rah-Abrisham Transport, Zanjan' } } as const;

export type NetworkKey = keyof typeof networks;
export type ProducerKey = keyof typeof producers;
export type FunderKey = keyof typeof funders;

export const networkKeys = Object.keys(networks) as NetworkKey[];
export const producerKeys = Object.keys(producers) as ProducerKey[];
export const funderKeys = Object.keys(funders) as FunderKey[];

/** A stable id of the demo: the same on every machine, so that links and samples keep working. */
export const demoId = (family: string, n: number): string => `0199a000-0000-7000-${family}-${String(n).padStart(12, '0')}`;

/** The short number a party's id ends in (101, 202 …). */
export const numberOf = (id: string): number => Number(id.slice(-12));
