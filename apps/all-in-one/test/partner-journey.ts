import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, it } from '@jest/globals';
import type { Client, Json } from './client.js';

const example = (file: string): string => fileURLToPath(new URL(`../../../examples/finance-partner/${file}`, import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** The programs of examples/finance-partner, as a partner runs them: bid on a paper, see it collected. */
export const partnerJourney = (platform: () => Client): void => {
  it('first-bid.mjs bids, buys and collects', () => play(platform(), process.execPath, example('first-bid.mjs')), 180_000);
  (hasPython ? it : it.skip)('first_bid.py bids, buys and collects', () => play(platform(), 'python3', example('first_bid.py')), 180_000);
};

/** Chains go on ordering until the partner is done. */
const play = async (client: Client, command: string, file: string): Promise<void> => {
  const partner = spawn(command, [file, client.url], { env: { ...process.env, PEYVAND_WAIT_SECONDS: '150' } });
  let [output, over] = ['', false];
  for (const stream of [partner.stdout, partner.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<number | null>((resolve) => partner.once('close', (code) => {
    over = true;
    resolve(code);
  }));
  const { body: products } = await client.get('narvan.buyer', '/api/producers/products?market=children-shoes');
  const sneakers = products.items.find((item: Json) => item.producerId === '0199a000-0000-7000-8000-000000000202');
  for (let n = 0; !over; n += 1) {
    if (n % 12 === 0 && !output.includes('chosen')) {
      await client.post('narvan.buyer', '/api/orders', {
        poNumber: `PARTNER-${Date.now()}`, award: 'automatic',
        lines: [{ variantId: sneakers.variants[(n / 12) % 8].variantId, quantity: 60, shipTo: '0199a000-0000-7000-a000-000000101000', neededBy: '2099-01-01', terms: { days: 90, base: 'invoice', instrument: 'barat' } }],
      });
    }
    await Promise.race([sleep(500), ended]);
  }
  expect({ code: await ended, output }).toMatchObject({ code: 0, output: expect.stringMatching(/bid placed[\s\S]*bid chosen[\s\S]*disbursed[\s\S]*collected/) });
};
