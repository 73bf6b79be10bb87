import type { Caller } from '../api/api.js';
import { allOf, type CaseRow } from './rows.js';
import type { Scripts } from './scripts.js';
import type { Duty } from './duty.js';

/** A funder's desk and how it prices. `standing`: its bids are placed by standing instruction. */
export type Funding = { readonly party: string; readonly desk: Caller; readonly rate: number; readonly fee: number; readonly afterMs?: number; readonly standing: boolean };

/** What a funder does: bids on accepted paper, and guards what it bought when it is not paid. */
export const fundingDuties = (funding: Funding, scripts: Scripts): Duty[] => [...(funding.standing ? [] : [bids(funding, scripts)]), protests(funding), demands(funding)];

const bids = ({ party, desk, rate, fee, afterMs }: Funding, scripts: Scripts): Duty => ({
  name: 'bid',
  on: ['InstrumentAccepted'],
  list: async () => {
    const items = await allOf<CaseRow>(desk, '/api/financing/cases?stage=bidding');
    return items.flatMap(({ caseId: id, orderId, face, bidUntil }) => (bidUntil === undefined ? [] : [{
      id, once: true as const, ...(afterMs === undefined || scripts.of(orderId) ? {} : { afterMs }), do: () => desk.send('POST', `/api/financing/cases/${id}/bids`, { rate, fee: String(fee), maxFace: face, validUntil: bidUntil }, `bid-${party}-${id}`),
    }]));
  },
});

const protests = ({ party, desk }: Funding): Duty => ({
  name: 'lodge protest',
  on: ['PaymentFailed'],
  list: async () => {
    const items = await allOf<CaseRow>(desk, '/api/financing/cases?stage=failed');
    return items.filter(({ holderId, instrument }) => holderId === party && instrument !== undefined).map((row) => {
      const id = row.instrument?.instrumentId ?? '';
      return { id, do: () => desk.send('POST', `/api/financing/instruments/${id}/protest`, {}, `protest-${id}`) };
    });
  },
});

const demands = ({ party, desk }: Funding): Duty => ({
  name: 'demand recourse',
  on: ['ProtestLodged'],
  list: async () => {
    const items = await allOf<CaseRow>(desk, '/api/financing/cases?stage=protested');
    return items.filter(({ holderId, instrument }) => holderId === party && instrument !== undefined).map((row) => {
      const id = row.caseId;
      return { id, do: () => desk.send('POST', `/api/financing/cases/${id}/recourse`, { againstId: row.sellerId }, `recourse-${id}`) };
    });
  },
});
