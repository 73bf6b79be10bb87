import { z } from 'zod';

import { factsOf } from './contract.js';
import * as sample from './sample.js';
import { day, id, place, rate, rial, word } from './schema.js';

const fact = factsOf('retailers');
const { ids } = sample;

export const NetworkRegistered = fact('NetworkRegistered', {
  summary: 'A retail network joined, or changed the policy its orders are awarded by; the highest revision counts.',
  key: 'networkId',
  audience: { network: 'networkId' },
  data: z.object({
    networkId: id,
    /** The buyer's cost of funds, used to compare prices on different terms at present value. */
    costOfFunds: z.array(z.object({ from: day, rate })).min(1),
    /** Awards up to this amount need no approver; absent = every award needs one. */
    automaticAwardUpTo: rial.optional(),
    revision: z.int().min(1),
  }),
  sample: { networkId: ids.buyer, costOfFunds: [{ from: '2026-03-21', rate: 2300 }], automaticAwardUpTo: '50000000000', revision: 1 },
});

export const StoreOpened = fact('StoreOpened', {
  summary: 'A store or distribution centre can receive goods.',
  key: 'networkId',
  audience: { network: 'networkId' },
  data: z.object({ networkId: id, place, kind: z.enum(['store', 'distribution-centre']), gln: z.string().optional(), code: word }),
  sample: { networkId: ids.buyer, place: sample.shipTo, kind: 'distribution-centre', code: 'DC-01' },
});

export const CodesCrossReferenced = fact('CodesCrossReferenced', {
  summary: 'The network’s own article codes name these variants. Entries of one code are alternatives in order of preference, never parted over facts; a later fact that names the code replaces them all.',
  key: 'networkId',
  audience: { network: 'networkId' },
  data: z.object({ networkId: id, codes: z.array(z.object({ code: word, variantId: id })).min(1).max(5_000) }),
  sample: { networkId: ids.buyer, codes: [{ code: 'NRV-10234', variantId: ids.variant }] },
});
