import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { chromiumHere, openBrowser } from './browser.js';
import { clientOf, type Client } from './client.js';

const found = chromiumHere();
// In CI a missing browser is a failure: there everything must have run.
const required = process.env['CI'] === 'true';
if (found === undefined && !required) console.warn('SKIPPED: the live page in a real browser. Install Chromium, or set CHROMIUM.');

/** The live page as people see it, once the hero story is settled: Persian on a desk, English, and on a phone. */
export const livePageJourney = (urlOf: () => string): void => {
  const that = found === undefined && !required ? it.skip : it;
  let browser: Browser;
  const faults: string[] = [];
  beforeAll(async () => {
    if (found !== undefined) browser = await openBrowser(found);
  });
  afterAll(() => browser?.close());

  const open = async (width: number, height: number): Promise<Page> => {
    if (found === undefined) throw new Error('CI needs a Chromium');
    const page = await browser.newPage({ viewport: { width, height }, locale: 'fa-IR', timezoneId: 'Asia/Tehran' });
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(String(error)));
    // A page that is left ends its live stream.
    page.on('requestfailed', (request) => request.failure()?.errorText === 'net::ERR_ABORTED' || faults.push(`${request.failure()?.errorText}: ${request.url()}`));
    page.on('request', (request) => request.url().startsWith(urlOf()) || request.url().startsWith('data:') || faults.push(`from elsewhere: ${request.url()}`));
    await page.goto(urlOf());
    await page.locator('#story li').first().waitFor();
    return page;
  };

  that('tells the whole hero story in Persian, with its figures, live', async () => {
    const page = await open(1280, 1180);
    await page.waitForFunction(`document.querySelectorAll('#story li').length > 15 && document.querySelector('#story li:not(.done)') === null`, undefined, { timeout: 30_000 });
    const story = await page.locator('#story').innerText();
    for (const figure of ['۱٬۰۰۰', '۹۶۰', '۴٬۳۸۲٬۴۰۰٬۰۰۰', '۴٬۱۴۷٬۲۰۲٬۴۸۹']) expect(story).toContain(figure);
    expect(await page.locator('#live').innerText()).toBe('زنده');
    expect(await page.locator('#facts li').count()).toBeGreaterThan(10);
    expect(await page.locator('#choicecard').isVisible()).toBe(true);
    expect([await page.locator('#counters .counter').count(), await page.locator('#counters').innerText()]).toEqual([5, expect.stringContaining('✓')]);
    await page.close();
  }, 60_000);

  that('speaks English at a press, and remembers it', async () => {
    const page = await open(1280, 900);
    const way = () => page.evaluate('[document.documentElement.lang, document.documentElement.dir]');
    expect(await way()).toEqual(['fa', 'rtl']);
    await page.locator('#language').press('Enter');
    expect(await way()).toEqual(['en', 'ltr']);
    expect(await page.locator('#story').innerText()).toContain('4,147,202,489');
    expect(await page.locator('body').innerText()).toContain('Newest facts');
    await page.reload();
    expect(await way()).toEqual(['en', 'ltr']);
    await page.close();
  }, 60_000);

  that('fits a phone, and shows facts that come while it is open', async () => {
    const page = await open(390, 844);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const heard = page.waitForFunction(`document.querySelector('#facts li.new') !== null`, undefined, { timeout: 30_000 });
    await somethingNew(clientOf(urlOf()));
    await heard;
    await page.close();
  }, 120_000);

  that('asks nothing of other machines, and nothing in it fails', () => expect(faults).toEqual([]));
};

/** An order that is taken back. */
const somethingNew = async (client: Client): Promise<void> => {
  const [{ body: products }, { body: places }] = [await client.get('sarvestan.buyer', '/api/producers/products?market=school-uniforms'), await client.get('sarvestan.buyer', '/api/retailers/places?limit=1')];
  const { status, body } = await client.post('sarvestan.buyer', '/api/orders', {
    poNumber: `SEEN-${Date.now()}`, lines: [{ variantId: products.items[0].variants[0].variantId, quantity: 12, shipTo: places.items[0].placeId, neededBy: '2099-01-01', terms: { days: 60, base: 'invoice', instrument: 'barat' } }],
  });
  expect(status).toBe(201);
  expect((await client.post('sarvestan.buyer', `/api/orders/${body.orderId}/cancel`, { reason: 'test' })).status).toBe(200);
};
