import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestMicroservice, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createStrategy, type Broker, type FactsStrategy, type LogEntry, type Sealing, type Settings, type Source } from '../src/index.js';

export type Running = { readonly strategy: FactsStrategy; readonly app: INestMicroservice; readonly logs: LogEntry[]; close(): Promise<void> };

export type Part = { readonly source: Source; readonly broker?: Broker; readonly sealing?: Sealing; readonly controllers: Type<object>[] };

/** Starts handlers of some services in one Nest application, as the platform does. */
export const run = async (services: readonly Part[], settings: Partial<Settings> = {}): Promise<Running> => {
  const logs: LogEntry[] = [];
  const strategy = createStrategy({ services, settings: { retryMs: [20, 200], ...settings }, log: (entry) => void logs.push(entry) });
  const module = await Test.createTestingModule({ controllers: services.flatMap((service) => service.controllers) }).compile();
  const app = module.createNestMicroservice({ strategy, logger: false });
  await app.listen();
  return { strategy, app, logs, close: () => app.close() };
};

/** Waits until `ask` answers true; throws what it waited for after `ms`. */
export const until = async (what: string, ask: () => Promise<boolean> | boolean, ms = 20_000): Promise<void> => {
  for (const end = Date.now() + ms; ; ) {
    if (await ask()) return;
    if (Date.now() > end) throw new Error(`Still waiting for: ${what}`);
    await sleep(15);
  }
};
