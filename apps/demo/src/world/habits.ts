import type { FunderKey, NetworkKey, ProducerKey } from './parties.js';

/**
 * How each funder prices: basis points a year and a fee in rials. Which of them is best turns over with days and amounts, so ranking
 * happens at the true ones. `afterMs`: looks at ordinary paper after two days (wall ms), so that a person signed in as this funder bids first.
 */
export const pricing: Readonly<Record<FunderKey, { readonly rate: number; readonly fee: number; readonly afterMs?: number }>> = {
  ayineh: { rate: 2_280, fee: 12_000_000 }, resaleh: { rate: 2_300, fee: 0 }, pezhvak: { rate: 2_395, fee: 0, afterMs: 1_000 },
};

/** Who has given a standing word, so that both ways are seen; everybody else does the same by hand. */
export const standing: { readonly producer: ProducerKey; readonly funder: FunderKey; readonly network: NetworkKey } = { producer: 'parseh', funder: 'ayineh', network: 'sarvestan' };
