import type { Day, Money } from '@peyvand/kernel';
import { pay } from '../domain/barat.js';
import { collect } from '../domain/financing-case.js';
import { releaseLien } from '../domain/receivable.js';
import { must } from '../must.js';
import type { CaseFile } from '../store/cases.store.js';

/** The debtor's payment on case, paper and receivable. The caller stores the file, posts the ledger and closes the case when it is settled. */
export const receivePayment = (file: CaseFile, paymentId: string, amount: Money, on: Day) => {
  const collected = collect(file.case, paymentId, amount);
  if (!collected.ok) return collected;
  const paid = isOnPaper(file) ? pay(file.paper, amount, on) : undefined;
  if (paid !== undefined && !paid.ok) return paid;
  const settled = collected.state.stage.status === 'settled';
  const after: CaseFile = {
    ...file, case: collected.state, ...(paid === undefined ? {} : { paper: paid.state }), ...(settled ? { receivable: must(releaseLien(file.receivable)).state } : {}),
  };
  return { ok: true as const, file: after, settled, events: collected.events };
};

/** Is the debt on accepted paper? Paper that was refused lies in the folder and binds nobody. */
export const isOnPaper = (file: CaseFile): file is CaseFile & Required<Pick<CaseFile, 'paper'>> => file.paper !== undefined && file.case.instrumentId !== undefined;
