import { describe, expect, it } from '@jest/globals';
import { isUuid, parseLegalId, parseNationalId, parseSheba } from '@peyvand/kernel';
import { cities } from './files.js';
import { articlesOf, codeOf, offerIdOf, products, quotes, variantByCode } from './goods.js';
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

  it('every article has makers that compete: two or more, who differ in place and in price, terms or days', () => {
    for (const article of new Set(products.map((product) => product.article))) {
      const makers = products.filter((product) => product.article === article);
      expect([article, new Set(makers.map(({ producer }) => producer)).size >= 2, new Set(makers.map(({ producer }) => producers[producer].place.city)).size >= 2]).toEqual([article, true, true]);
      expect([article, new Set(makers.map(({ price, credit, leadDays }) => `${price}/${credit}/${leadDays}`)).size, new Set(makers.map(({ market, unit }) => `${market}/${unit}`)).size]).toEqual([article, makers.length, 1]);
    }
  });

  it('a chain’s code names everything that does, each variant under one code; chains differ in their first choice', () => {
    const all = products.flatMap(({ variants }) => variants.map(({ id }) => id)).sort();
    for (const key of networkKeys) expect(articlesOf(key).flatMap(({ variantIds }) => variantIds).sort()).toEqual(all);
    const firsts = networkKeys.map((key) => articlesOf(key).find(({ code }) => code.endsWith(codeOf(key, 'GMK-SNK-30').slice(3)))?.variantIds[0]);
    expect(new Set(firsts).size).toBe(2);
    expect(codeOf('narvan', 'GMK-SNK-30')).toBe(codeOf('narvan', 'SHK-KID-30'));
    expect(codeOf('narvan', 'GMK-SNK-30')).not.toBe(codeOf('narvan', 'GMK-SNK-31'));
  });

  it('the hero’s sneakers cost 3,950,000 in cash and 4,150,000 at ninety days', () => {
    const { product } = variantByCode('GMK-SNK-30');
    expect(quotes(product, '2027-01-01').map(({ terms, price }) => [terms.days, terms.instrument, price.amount])).toEqual([[0, 'cash', '3950000'], [30, 'open', '4020000'], [60, 'barat', '4080000'], [90, 'barat', '4150000']]);
  });
});
