import type { FactContract } from './contract.js';
import * as delivery from './delivery.js';
import * as financing from './financing.js';
import * as orders from './orders.js';
import * as producers from './producers.js';
import * as retailers from './retailers.js';

/** Every fact of the platform, by service and in the order of its story. */
export const factContracts: readonly FactContract[] = [producers, retailers, orders, delivery, financing].flatMap((service) =>
  Object.values(service as unknown as Record<string, FactContract>));

const byType = new Map(factContracts.map((contract) => [contract.type, contract]));

/** The contract of a type, or undefined for a type this release does not know (a newer producer's: ignore it). */
export const contractOf = (type: string): FactContract | undefined => byType.get(type);
