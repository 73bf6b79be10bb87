import { newId } from '@peyvand/kernel';
import type { TestApp } from '@peyvand/testing';

/** A shenase melli of its own for every call: 11 digits, the last a check digit (weights 29, 27, 23, 19, 17). */
export const aLegalId = (): string => {
  const digits = `140${String(1_000_000 + Math.floor(Math.random() * 8_999_999))}`;
  const shift = Number(digits[9]) + 2;
  let sum = 0;
  for (let i = 0; i < 10; i += 1) sum += (shift + Number(digits[i])) * ([29, 27, 23, 19, 17][i % 5] ?? 0);
  return `${digits}${(sum % 11) % 10}`;
};

export const aRegistration = (more: object = {}) => ({
  id: newId(), kind: 'workshop', name: { fa: 'كفش گامك', en: 'Gamak Shoes' }, nationalId: aLegalId(), site: 'workshop-complex', small: true,
  place: { city: 'هیدج', province: 'زنجان', latitude: 36.25, longitude: 49.13 }, ...more,
});

export const aProduct = (more: object = {}) => ({
  market: 'children-shoes', title: { fa: 'کتانی بچگانه', en: 'Children’s sneakers' }, unit: 'PR', vatCategory: 'standard', weightGrams: 450,
  variants: [{ id: newId(), code: `GMK-${newId().slice(-6)}`, size: '30', colour: 'سرمه‌ای' }], ...more,
});

export const someTerms = (more: object = {}) => ({
  capacity: 12_000, minimum: 50, lot: 10, leadDays: 7, from: '2026-03-21', until: '2026-12-20', grade: 'A',
  prices: [{ terms: { days: 90, base: 'invoice', instrument: 'barat' }, price: { amount: '4150000', per: 1 }, validUntil: '2026-12-20' }], ...more,
});

export const operator = (app: TestApp) => app.as({ party: newId(), roles: ['operator'] });
export const producerOf = (app: TestApp, party: string) => app.as({ party, roles: ['producer'] });

/** A registered producer; verified until 2028-03-19 unless `licence` is false. */
export const aProducer = async (app: TestApp, { licence = true, ...more }: { readonly licence?: boolean; readonly [field: string]: unknown } = {}): Promise<string> => {
  const { status, body } = await operator(app).post('/api/producers', aRegistration(more));
  if (status !== 201) throw new Error(JSON.stringify(body));
  if (licence) {
    await operator(app).post(`/api/producers/${body.producerId}/licences`, { kind: 'operation', number: newId(), validUntil: '2028-03-19' });
    await app.settle();
  }
  return body.producerId as string;
};
