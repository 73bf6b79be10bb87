import { setTimeout as sleep } from 'node:timers/promises';

import type { Cast } from '../actors/cast.js';
import type { Scripts } from '../actors/scripts.js';
import type { Log } from '../actors/work.js';
import type { DemoClock, Release } from '../advance-clock/demo-clock.js';
import { Refusal } from '../api/api.js';
import { factsOf, has, type StoryFact } from '../api/story.js';
import { plusDays } from '../seed-world/seed-world.js';
import { codeOf, terms, variantByCode } from '../world/goods.js';
import { demoId, producers } from '../world/parties.js';
import { centreOf } from '../world/places.js';

/** The three orders of «بازگشایی مدارس»: the school sneakers, their second load, and the leather they are made of. */
export const heroOrders = { sneakers: demoId('a0f0', 1), second: demoId('a0f0', 3), leather: demoId('a0f0', 2) } as const;

export type Play = { readonly cast: Cast; readonly scripts: Scripts; readonly clock: DemoClock; readonly log: Log };

/**
 * The hero story. نارون orders 1,000 pairs from گامک; 24 short, 16 rejected, 960 × 4,150,000 + VAT = 4,382,400,000; the barat of 90 days
 * is bought on the day it was drawn at 23 %/365: 4,147,202,489. A second barat goes by endorsement to آذرگون, for the leather.
 * The same people who serve every order serve these; only what they count and choose is written down. Taken up again after a restart.
 */
export const playHero = async ({ cast, scripts, clock, log }: Play, signal: AbortSignal): Promise<void> => {
  // From the first receipt on: what is counted, drawn, accepted and bought belongs to one day.
  let counting: Promise<Release> | undefined;
  const before = { receipt: async () => void (await (counting ??= clock.holdDay().catch((error: unknown) => {
    counting = undefined;
    throw error;
  }))) };
  const debt: { caseId?: string | undefined } = {};
  const whole = { receipt: [{ short: 0, rejected: 0 }], before };
  scripts.give(heroOrders.sneakers, { receipt: [{ short: 24, rejected: 16 }], paper: 'sell', invoiceNumber: 'GMK-1405-118', waybill: '1405-88213', before });
  scripts.give(heroOrders.leather, { ...whole, paper: 'keep', invoiceNumber: 'AZG-1405-041', waybill: '1405-88190' });
  scripts.give(heroOrders.second, { ...whole, paper: { endorseTo: producers.azargoun.id, settles: () => debt.caseId }, invoiceNumber: 'GMK-1405-119', waybill: '1405-88301' });

  const told = async (order: string, name: string): Promise<StoryFact | undefined> => (await factsOf(cast, order)).find(has(name));
  const [ends, absent] = [[[heroOrders.sneakers, 'FundsDisbursed'], [heroOrders.second, 'InstrumentEndorsed']] as const, (): undefined => undefined];
  // Told on an earlier run: what is left of it are deadlines, and they keep themselves.
  if ((await Promise.all(ends.map(([order, end]) => told(order, end).catch(absent)))).every((fact) => fact !== undefined)) return;

  // Until the goods may leave, and again from their receipt to the money, what belongs to one day happens on it.
  const release = await clock.holdDay();
  try {
    await placeOrders(cast, clock.today(), signal, told);
    await until(signal, () => told(heroOrders.sneakers, 'MatchSecured'));
    await release();
    debt.caseId = String((await until(signal, () => told(heroOrders.leather, 'ReceivableOpened'))).data['caseId']);
    await Promise.all(ends.map(([order, end]) => until(signal, () => told(order, end))));
  } catch (error) {
    if (!signal.aborted) log('warn', 'demo: the hero story is late', { error: (error as Error).message });
  } finally {
    await release();
    await (await counting)?.();
  }
};

const placeOrders = async (cast: Cast, today: string, signal: AbortSignal, told: (order: string, name: string) => Promise<StoryFact | undefined>): Promise<void> => {
  const send = (user: string, order: { id: string } & Record<string, unknown>): Promise<true> => until(signal, () => submit(cast, user, order));
  // Narvan's own codes: each names several makers, and the least cost decides.
  const [sneakers, bags] = [codeOf('narvan', 'GMK-SNK-30'), codeOf('narvan', 'MIN-SCH-BLU')];
  await send('narvan.buyer', {
    id: heroOrders.sneakers, poNumber: 'NRN-1405-0731', award: 'approver',
    lines: [
      { code: sneakers, quantity: 1_000, shipTo: centreOf('narvan'), neededBy: plusDays(today, 30), terms: terms.barat90, priceCeiling: '4200000' },
      // Nobody sells school bags this cheaply: the line stays unmatched and says what would cure it.
      { code: bags, quantity: 200, shipTo: centreOf('narvan'), neededBy: plusDays(today, 30), terms: terms.barat90, priceCeiling: '4500000' },
    ],
  });
  await send('narvan.buyer', {
    id: heroOrders.second, poNumber: 'NRN-1405-0732', lines: [{ code: sneakers, quantity: 232, shipTo: centreOf('narvan'), neededBy: plusDays(today, 40), terms: terms.barat90 }],
  });
  const accepted = await until(signal, () => told(heroOrders.sneakers, 'PurchaseOrderAccepted'));
  await send('gamak.producer', {
    id: heroOrders.leather, poNumber: 'GMK-IN-1405-12', parentMatchId: accepted.data['matchId'],
    // 830 square feet on 30 days cost what the second load of 232 pairs brings.
    lines: [{ variantId: variantByCode('AZG-COW-BLK').variant.id, quantity: 830, shipTo: producers.gamak.place, neededBy: plusDays(today, 30), terms: terms.open30 }],
  });
};

const submit = async (cast: Cast, user: string, order: { id: string } & Record<string, unknown>): Promise<true> => {
  try {
    await cast(user).send('POST', '/api/orders', order, `hero-${order.id}`);
  } catch (error) {
    // An earlier run submitted it, perhaps with another day in it. Codes that are not known yet are asked for again.
    if (!(error instanceof Refusal) || !['po-number-taken', 'order-id-taken', 'idempotency-key-reused'].includes(error.type)) throw error;
  }
  return true;
};

/** Longer (wall) than any machine is busy. */
const patienceMs = 180_000;

/** Asks until there is an answer. Throws the last failure, or that there was none, when it takes longer than patience. */
const until = async <T>(signal: AbortSignal, ask: () => Promise<T | undefined>): Promise<T> => {
  const end = Date.now() + patienceMs;
  let why: unknown = new Error(`Nothing within ${patienceMs / 1000} s`);
  while (Date.now() < end) {
    const answer = await ask().catch((error: unknown) => void (why = error));
    if (answer !== undefined) return answer as T;
    await sleep(250, undefined, { signal });
  }
  throw why;
};
