import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { epcisOf } from './epcis.js';
import type { Receipt } from './receipt.js';
import { agreement, everyShipment, ids, noon, shipmentIn } from '../../test/samples.js';

const line = { lineId: agreement.lines[0]?.lineId ?? '', variantId: agreement.lines[0]?.variantId ?? '' };
const receipt: Receipt = { id: ids.receipt, shipmentId: ids.shipment, receivedAt: noon, lines: [{ ...line, sent: 1000, received: 976, short: 24, rejected: 16, accepted: 960 }] };
const given = { gtins: new Map([[line.variantId, '6261000000016']]), now: noon };
const told = (document: ReturnType<typeof epcisOf>) => document.epcisBody.eventList.map((event) => `${event.bizStep} ${event.disposition} ${event.quantityList[0]?.quantity}`);

describe('a shipment’s EPCIS events', () => {
  it('of the hero story', () => {
    expect(told(epcisOf(shipmentIn('received'), receipt, given))).toEqual([
      'shipping in_transit 1000', 'receiving in_progress 976', 'inspecting conformant 960', 'inspecting non_conformant 16', 'inspecting mismatch_quantity 24',
    ]);
  });

  it.each([
    ['planned', []], ['dispatched', ['shipping in_transit 1000']], ['arrived', ['shipping in_transit 1000', 'arriving in_progress 1000']],
    ['cancelled', []], ['failed', ['shipping in_transit 1000', 'void_shipping unknown 1000']],
  ] as const)('while %s', (status, events) => {
    expect(told(epcisOf(shipmentIn(status), undefined, { ...given, endedAt: noon }))).toEqual(events);
  });

  it('name goods by GTIN, and happen in Tehran time', () => {
    expect(epcisOf(shipmentIn('received'), receipt, given).epcisBody.eventList[1]).toMatchObject({
      eventTime: '2026-09-13T08:30:00.000Z', eventTimeZoneOffset: '+03:30', readPoint: { id: `urn:uuid:${agreement.shipTo.placeId}` },
      quantityList: [{ epcClass: 'https://id.gs1.org/01/06261000000016', uom: 'PR' }], bizTransactionList: expect.arrayContaining([{ type: 'recadv', bizTransaction: `urn:uuid:${ids.receipt}` }]),
    });
  });

  it('fit GS1’s schema', () => {
    const schema = new URL('../../../../data/epcis/epcis-2.0.schema.json', import.meta.url);
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(ajv);
    const fits = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
    for (const shipment of everyShipment) {
      fits(epcisOf(shipment, shipment.status === 'received' ? receipt : undefined, { ...given, gtins: new Map(), endedAt: noon }));
      expect(fits.errors).toBeNull();
      expect(fits(epcisOf(shipment, undefined, given))).toBe(true);
    }
    const wrong = epcisOf(shipmentIn('received'), receipt, given);
    expect(fits({ ...wrong, epcisBody: { eventList: wrong.epcisBody.eventList.map((event) => ({ ...event, bizStep: 'sending' })) } })).toBe(false);
  });
});
