import { transact, type Source } from '@peyvand/messaging';
import type { Message } from '../sms/sms.js';

export const behaviours = ['ok', 'fail', 'slow', 'twice'] as const;
export type Behaviour = (typeof behaviours)[number];

export type SentMessage = { readonly to: { readonly partyId: string; readonly placeId: string; readonly phone?: string }; readonly text: string; readonly code?: string; readonly shipmentId?: string; readonly sentAt: string };

export const behaviour = (source: Source): Promise<Behaviour> =>
  transact(source, async (tx) => (await tx.sql<{ mode: Behaviour }>('select mode from sms_behaviour'))[0]?.mode ?? 'ok');

export const setBehaviour = (source: Source, mode: Behaviour): Promise<void> =>
  transact(source, async (tx) => {
    await tx.run('insert into sms_behaviour (mode) values ($1) on conflict (one) do update set mode = excluded.mode', [mode]);
  });

/** A key that was sent before is not sent again, as a gateway would. */
export const putIntoOutbox = (source: Source, messages: readonly Message[], copies: number): Promise<void> =>
  transact(source, async (tx) => {
    await tx.run(
      `insert into sms_outbox (key, to_party, to_place, phone, text, code, shipment_id)
       select m.* from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[]) as m(key, to_party, to_place, phone, text, code, shipment_id) cross join generate_series(1, $8::int)
       where not exists (select from sms_outbox o where o.key = m.key)`,
      [
        messages.map((m) => m.key), messages.map((m) => m.partyId), messages.map((m) => m.placeId), messages.map((m) => m.phone ?? null), messages.map((m) => m.text), messages.map((m) => m.code ?? null),
        messages.map((m) => m.shipmentId ?? null), copies,
      ]);
  });

/** Newest first; `to` is a place or a party. */
export const readOutbox = (source: Source, to: string): Promise<SentMessage[]> =>
  transact(source, async (tx) => {
    const rows = await tx.sql<{ to_party: string; to_place: string; phone: string | null; text: string; code: string | null; shipment_id: string | null; sent_at: Date }>(
      'select to_party, to_place, phone, text, code, shipment_id, sent_at from sms_outbox where to_place = $1 or to_party = $1 order by id desc limit 1000', [to]);
    return rows.map((row) => ({
      to: { partyId: row.to_party, placeId: row.to_place, ...(row.phone === null ? {} : { phone: row.phone }) },
      text: row.text, sentAt: row.sent_at.toISOString(),
      ...(row.code === null ? {} : { code: row.code }), ...(row.shipment_id === null ? {} : { shipmentId: row.shipment_id }),
    }));
  });
