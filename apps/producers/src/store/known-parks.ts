import { fold } from '@peyvand/kernel';
import type { Site } from '../domain/producer.js';

type Park = { readonly id: string; readonly name: { readonly fa: string; readonly en: string }; readonly folded: string; readonly site: Site; readonly city: string; readonly province: string; readonly latitude: number; readonly longitude: number };

const park = (no: number, site: Site, fa: string, en: string, city: string, province: string, latitude: number, longitude: number): Park => ({
  id: `0199a000-0000-7000-b000-${String(no).padStart(12, '0')}`, name: { fa, en }, folded: fold(`${fa} ${en} ${city}`), site, city, province, latitude, longitude,
});

/** Parks every installation begins with; operators add theirs. Positions are of the town, approximate. */
export const knownParks: readonly Park[] = [
  park(1, 'industrial-park', 'چرمشهر تبریز', 'Charmshahr, Tabriz', 'تبریز', 'آذربایجان شرقی', 38.06667, 46.3),
  park(2, 'workshop-complex', 'مجتمع کارگاهی کفش هیدج', 'Hidaj shoe workshops', 'هیدج', 'زنجان', 36.25, 49.13),
  park(3, 'industrial-park', 'شهرک صنعتی شکوهیه', 'Shokouhieh Industrial Park', 'قم', 'قم', 34.63994, 50.87594),
  park(4, 'industrial-park', 'شهرک صنعتی بوعلی', 'Bu-Ali Industrial Park', 'همدان', 'همدان', 34.79922, 48.51456),
  park(5, 'industrial-park', 'شهرک صنعتی نصیرآباد', 'Nasirabad Industrial Park', 'رباط کریم', 'تهران', 35.48472, 51.08278),
  park(6, 'industrial-park', 'شهرک صنعتی عباس‌آباد', 'Abbasabad Industrial Park', 'پاکدشت', 'تهران', 35.46689, 51.68606),
  park(7, 'industrial-park', 'شهرک صنعتی یزد', 'Yazd Industrial Park', 'یزد', 'یزد', 31.89722, 54.3675),
  park(8, 'industrial-park', 'چرمشهر مشهد', 'Charmshahr, Mashhad', 'مشهد', 'خراسان رضوی', 36.26046, 59.61675),
];
