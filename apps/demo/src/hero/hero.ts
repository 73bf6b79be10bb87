import { setTimeout as sleep } from 'node:timers/promises';

import type { Cast } from '../actors/cast.js';
import type { Scripts } from '../actors/scripts.js';
import type { Log } from '../actors/work.js';
import type { DemoClock } from '../advance-clock/demo-clock.js';
import { Refusal } from '../api/api.js';
import { factsOf, has, type StoryFact } from '../api/story.js';
import { plusDays } from '../seed-world/seed-world.js';
import { terms, variantByCode } from '../world/goods.js';
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
  // Counting is tried again when the code is late; the clock is slowed once.
  let slowed = false;
  const slowOnce = async (): Promise<void> => {
    if (slowed) return;
    slowed = true;
    await clock.slow();
  };
  const debt: { caseId?: string | undefined } = {};
  scripts.give(heroOrders.sneakers, { receipt: [{ short: 24, rejected: 16 }], paper: 'sell', invoiceNumber: 'GMK-1405-118', waybill: '1405-88213', before: { receipt: slowOnce } });
  scripts.give(heroOrders.leather, { receipt: [{ short: 0, rejected: 0 }], paper: 'keep', invoiceNumber: 'AZG-1405-041', waybill: '1405-88190' });
  scripts.give(heroOrders.second, { receipt: [{ short: 0, rejected: 0 }], paper: { endorseTo: producers.azargoun.id, settles: () => debt.caseId }, invoiceNumber: 'GMK-1405-119', waybill: '1405-88301' });

  const told = (order: string): Promise<StoryFact[]> => factsOf(cast, order);
  // Told on an earlier run: what is left of it are deadlines, and they keep themselves.
  const [first, chain] = await Promise.all([heroOrders.sneakers, heroOrders.second].map((order) => told(order).catch((): StoryFact[] => [])));
  if (first?.some(has('FundsDisbursed')) && chain?.some(has('InstrumentEndorsed'))) return;

  const today = clock.today();
  // Until the goods may leave, and again from their receipt to the money, what belongs to one day happens on it.
  await clock.slow();
  const sneakers = variantByCode('GMK-SNK-30').variant.id;
  await submit(cast, 'narvan.buyer', {
    id: heroOrders.sneakers, poNumber: 'NRN-1405-0731', award: 'approver',
    lines: [
      { variantId: sneakers, quantity: 1_000, shipTo: centreOf('narvan'), neededBy: plusDays(today, 30), terms: terms.barat90, priceCeiling: '4200000' },
      // Nobody sells school bags this cheaply: the line stays unmatched and says what would cure it.
      { variantId: variantByCode('MIN-SCH-BLU').variant.id, quantity: 200, shipTo: centreOf('narvan'), neededBy: plusDays(today, 30), terms: terms.barat90, priceCeiling: '4500000' },
    ],
  });
  await submit(cast, 'narvan.buyer', {
    id: heroOrders.second, poNumber: 'NRN-1405-0732', lines: [{ variantId: sneakers, quantity: 232, shipTo: centreOf('narvan'), neededBy: plusDays(today, 40), terms: terms.barat90 }],
  });

  const match = await until(signal, async () => (await told(heroOrders.sneakers)).find(has('PurchaseOrderAccepted'))?.data['matchId'] as string | undefined).catch(() => undefined);
  await submit(cast, 'gamak.producer', {
    id: heroOrders.leather, poNumber: 'GMK-IN-1405-12', parentMatchId: match,
    // 830 square feet on 30 days cost what the second load of 232 pairs brings.
    lines: [{ variantId: variantByCode('AZG-COW-BLK').variant.id, quantity: 830, shipTo: producers.gamak.place, neededBy: plusDays(clock.today(), 30), terms: terms.open30 }],
  });
  await until(signal, async () => (await told(heroOrders.sneakers)).some(has('MatchSecured')) || undefined).catch(() => undefined);
  await clock.usual();
  const paid = until(signal, async () => (await told(heroOrders.sneakers)).some(has('FundsDisbursed')) || undefined, 90_000);
  debt.caseId = await until(signal, async () => (await told(heroOrders.leather)).find(has('ReceivableOpened'))?.data['caseId'] as string | undefined, 120_000).catch(() => undefined);
  await paid.catch((error: unknown) => log('warn', 'demo: the hero story is late', { error: (error as Error).message }));
  if (slowed) await clock.usual();
};

const submit = async (cast: Cast, user: string, order: { id: string } & Record<string, unknown>): Promise<void> => {
  try {
    await cast(user).send('POST', '/api/orders', order, `hero-${order.id}`);
  } catch (error) {
    // An earlier run submitted it.
    if (!(error instanceof Refusal) || ![409, 422].includes(error.status)) throw error;
  }
};

/** Asks until there is an answer. Throws when it takes longer than `withinMs`. */
export const until = async <T>(signal: AbortSignal, ask: () => Promise<T | undefined>, withinMs = 60_000): Promise<T> => {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Nothing within ${withinMs / 1000} s`);
    await sleep(250, undefined, { signal });
  }
};
