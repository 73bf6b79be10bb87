import { isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Transfer } from '../domain/ledger.js';

/** Posts the transfers of one or more happenings. A happening that was posted before is left as it is. */
export const post = async (tx: Tx, transfers: readonly Transfer[]): Promise<void> => {
  if (transfers.length === 0) return;
  const column = (pick: (transfer: Transfer) => string | number): (string | number)[] => transfers.map(pick);
  await tx.run(
    `insert into transfers (happening_id, leg, kind, case_id, debit_party, debit_case, debit_kind, credit_party, credit_case, credit_kind, amount, posted_at, parties)
     select happening_id, leg, kind, debit_case, debit_party, debit_case, debit_kind, credit_party, credit_case, credit_kind, amount, $10::timestamptz, array[debit_party, credit_party]
     from unnest($1::text[], $2::int[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::uuid[], $9::text[], $11::numeric[])
       as t(happening_id, leg, kind, debit_party, debit_case, debit_kind, credit_party, credit_case, credit_kind, amount)
     on conflict (happening_id, leg) do nothing`,
    [
      column((t) => t.happeningId), column((t) => t.leg), column((t) => t.kind), column((t) => t.debit.partyId), column((t) => t.debit.caseId), column((t) => t.debit.kind),
      column((t) => t.credit.partyId), column((t) => t.credit.caseId), column((t) => t.credit.kind), isoOf(tx.now), column((t) => String(t.amount)),
    ]);
};
