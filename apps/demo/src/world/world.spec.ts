import { describe, expect, it } from '@jest/globals';
import { isUuid, parseLegalId, parseNationalId, parseSheba } from '@peyvand/kernel';
import { cities } from './files.js';
import { offerIdOf, products, quotes, variantByCode } from './goods.js';
import { funders, networkKeys, networks, producers } from './parties.js';
import { storeCounts, storesOf } from './places.js';

describe('the demo’s world', () => {
  it('has identifiers that stand every check', () => {
    for (const { nationalId, sheba, kind } of Object.values(producers)) {
      expect([nationalId, (kind === 'guild-unit' ? parseNationalId(nationalId) : parseLegalId(nationalId)).ok, parseSheba(sheba).ok]).toEqual([nationalId, true, true]);
    }
    for (const { nationalId } of Object.values(networks)) expect(parseLegalId(nationalId).ok).toBe(true);
    for (const { sheba } of Object.values(funders)) expect(parseSheba(sheba).ok).toBe(true);
  });

  it('every id is a UUID and stands for one thing', () => {
    const ids = [...products.flatMap(({ id, variants }) => [id, ...variants.flatMap((variant) => [variant.id, offerIdOf(variant.id)])]), ...networkKeys.flatMap((key) => storesOf(key, cities()).map(({ place }) => place.placeId))];
    expect(ids.filter((id) => !isUuid(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('the chains have 38, 14 and 22 stores and a distribution centre each, in real towns', () => {
    expect(networkKeys.map((key) => storesOf(key, cities()).length - 1)).toEqual([38, 14, 22]);
    expect(storeCounts).toEqual({ narvan: 38, sarvestan: 14, mehrayin: 22 });
    expect(storesOf('narvan', cities())[0]?.place.city).toBe('رباط کریم');
  });

  it('the hero’s sneakers cost 3,950,000 in cash and 4,150,000 at ninety days', () => {
    const { product } = variantByCode('GMK-SNK-30');
    expect(quotes(product.price, '2027-01-01').map(({ terms, price }) => [terms.days, terms.instrument, price.amount])).toEqual([[0, 'cash', '3950000'], [30, 'open', '4020000'], [60, 'barat', '4080000'], [90, 'barat', '4150000']]);
  });
});
