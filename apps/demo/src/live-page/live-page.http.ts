import { readFileSync } from 'node:fs';

import { Controller, Get } from '@nestjs/common';
import { Answer, fileOf, Public, Replies } from '@peyvand/platform';
import { variantByCode } from '../world/goods.js';
import { cities } from '../world/files.js';
import { carrier, funders, networks, producers, type Named } from '../world/parties.js';
import { centreOf } from '../world/places.js';
import { factWords } from './fact-words.js';
import { border } from './iran-border.js';

/** The plain live page: one file without any foreign host, until the portal exists. */
@Controller()
@Public()
export class LivePageHttp {
  private page: string | undefined;

  @Get()
  @Replies(fileOf('text/html'))
  show() {
    this.page ??= make();
    return new Answer(this.page, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' } });
  }
}

const make = (): string => {
  const template = readFileSync(new URL('page.html', import.meta.url), 'utf8');
  // `<` inside the JSON could end the script element.
  return template.replace('/*given*/', () => JSON.stringify(given()).replaceAll('<', '\\u003c'));
};

const given = () => ({
  border,
  towns: cities().map(({ latitude, longitude }) => ({ latitude, longitude })),
  labels: [
    { city: 'تبریز', en: 'Tabriz', latitude: 38.06667, longitude: 46.3 }, { city: 'هیدج', en: 'Hidaj', latitude: 36.25, longitude: 49.13 },
    { city: 'تهران', en: 'Tehran', latitude: 35.69611, longitude: 51.42306, kind: 'network' }, { city: 'قم', en: 'Qom', latitude: 34.63994, longitude: 50.87594 },
    { city: 'همدان', en: 'Hamedan', latitude: 34.79922, longitude: 48.51456 }, { city: 'اصفهان', en: 'Isfahan', latitude: 32.65463, longitude: 51.66798, kind: 'network' },
    { city: 'یزد', en: 'Yazd', latitude: 31.89722, longitude: 54.3675 }, { city: 'مشهد', en: 'Mashhad', latitude: 36.26046, longitude: 59.61675, kind: 'network' },
    { city: 'شیراز', en: 'Shiraz', latitude: 29.59177, longitude: 52.5837 },
  ],
  names: Object.fromEntries([...Object.values(networks), ...Object.values(producers), ...Object.values(funders), carrier].map(({ id, name }): [string, Named] => [id, name])),
  words: factWords,
  units: { PR: { fa: 'جفت', en: 'pairs' }, H87: { fa: 'عدد', en: 'pieces' }, DZN: { fa: 'دوجین', en: 'dozen' }, FTK: { fa: 'فوت مربع', en: 'square feet' } } satisfies Record<string, Named>,
  users: ['narvan.buyer', 'narvan.approver', 'narvan.storekeeper', 'narvan.signatory', 'gamak.producer', 'ayineh.funder', 'resaleh.funder', 'pezhvak.funder', 'rah-abrisham.carrier', 'operator'],
  example: example(),
});

const example = (): string => `T=$(curl -s $HOST/api/auth/token -H 'content-type: application/json' \\
  -d '{"user":"narvan.buyer"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s $HOST/api/orders -H "authorization: Bearer $T" \\
  -H "idempotency-key: $(date +%s)" -H 'content-type: application/json' \\
  -d '{"poNumber":"MY-1","lines":[{"quantity":300,"neededBy":"2099-01-01",
       "variantId":"${variantByCode('GMK-SNK-31').variant.id}",
       "shipTo":"${centreOf('narvan')}"}]}'
curl -s $HOST/api/orders/<orderId>/story -H "authorization: Bearer $T"`;
