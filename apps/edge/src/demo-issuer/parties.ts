export type DemoPartyKind = 'network' | 'producer' | 'funder' | 'carrier' | 'union' | 'sponsor' | 'operator';

export type DemoParty = { readonly id: string; readonly slug: string; readonly kind: DemoPartyKind; readonly name: { readonly fa: string; readonly en: string } };

const party = (kind: DemoPartyKind, no: number, slug: string, fa: string, en: string): DemoParty => ({ id: partyId(no), slug, kind, name: { fa, en } });

/** Party ids of the demo never change: seeds, links and screenshots keep working after a reset. */
const partyId = (no: number): string => `0199a000-0000-7000-8000-${String(no).padStart(12, '0')}`;

/** The demo's firms: fictional, in real towns. */
export const demoParties: readonly DemoParty[] = [
  party('network', 101, 'narvan', 'هایپر نارون', 'Hyper Narvan'),
  party('network', 102, 'sarvestan', 'خانهٔ پوشاک سروستان', 'Sarvestan Clothing House'),
  party('network', 103, 'mehrayin', 'بازار مهرآیین', 'Mehrayin Bazaar'),
  party('producer', 201, 'azargoun', 'چرم‌سازی آذرگون', 'Azargoun Tannery'),
  party('producer', 202, 'gamak', 'کفش گامک', 'Gamak Shoes'),
  party('producer', 203, 'shokouh', 'پاپوش شکوه', 'Shokouh Footwear'),
  party('producer', 204, 'mina', 'سراجی مینا', 'Mina Leather Goods'),
  party('producer', 205, 'nakhara', 'نخ‌آرا', 'Nakhara Uniforms'),
  party('producer', 206, 'parseh', 'جوراب پارسه', 'Parseh Hosiery'),
  party('producer', 207, 'kavir', 'تریکو کویر', 'Kavir Knitwear'),
  party('producer', 208, 'toos', 'چرم توس', 'Toos Leather'),
  party('producer', 209, 'rahavard', 'کیف‌دوزی ره‌آورد', 'Rahavard Bag Workshop'),
  party('producer', 210, 'aban', 'تولیدی پوشاک آبان', 'Aban Apparel'),
  party('producer', 211, 'elgoli', 'کفش ائل‌گلی', 'El-Goli Shoes'),
  party('producer', 212, 'sepidar', 'تولیدی سپیدار', 'Sepidar Apparel'),
  party('producer', 213, 'binaloud', 'بافت بینالود', 'Binaloud Knitting'),
  party('funder', 301, 'ayineh', 'بانک آیینهٔ صنعت', 'Ayineh Bank of Industry'),
  party('funder', 302, 'resaleh', 'بانک رسالهٔ تجارت', 'Resaleh Bank of Trade'),
  party('funder', 303, 'pezhvak', 'فاکتورینگ پژواک', 'Pezhvak Factoring'),
  party('carrier', 401, 'rah-abrisham', 'ترابری راه‌ابریشم زنجان', 'Rah-Abrisham Transport, Zanjan'),
  party('union', 501, 'leather-union', 'اتحادیهٔ چرم', 'Leather Union'),
  party('union', 502, 'shoes-union', 'اتحادیهٔ کیف و کفش', 'Bags and Shoes Union'),
  party('union', 503, 'apparel-union', 'اتحادیهٔ پوشاک', 'Apparel Union'),
  party('sponsor', 601, 'parks', 'سازمان شهرک‌های صنعتی', 'Industrial Parks Organisation'),
  party('sponsor', 602, 'chamber', 'اتاق اصناف', 'Chamber of Guilds'),
  party('operator', 901, 'operator', 'گردانندهٔ پیوند', 'Peyvand operator'),
];
