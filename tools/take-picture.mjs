// node tools/take-picture.mjs [http://127.0.0.1:8080] [docs/images/live-page.png]
// The picture of the README: the live page of a running demo, once its hero story is told to the end. Needs a Chromium (CHROMIUM names it).
import { chromium } from 'playwright-core';

const [url = 'http://127.0.0.1:8080', path = 'docs/images/live-page.png'] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1180 }, locale: 'fa-IR', timezoneId: 'Asia/Tehran' });
  await page.goto(url);
  await page.waitForFunction(`document.querySelectorAll('#story li').length > 15 && document.querySelector('#story li:not(.done)') === null`, undefined, { timeout: 300_000 });
  // Something happens on the map.
  await page.waitForFunction(`document.querySelectorAll('#lights .arc').length > 2`, undefined, { timeout: 60_000 });
  await page.waitForTimeout(1_500);
  await page.screenshot({ path });
  console.log(`${path}: the live page of ${url}`);
} finally {
  await browser.close();
}
