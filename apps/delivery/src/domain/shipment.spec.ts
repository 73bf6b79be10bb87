import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { agreementOf } from './agreement.js';
import { MatchMade, type GoodsLine } from '@peyvand/contracts';
import { receiveShipment } from './receipt.js';
import { arriveShipment, cancelShipment, dispatchShipment, failShipment, splitLines, unitsOf, type Shipment } from './shipment.js';
import { agreement, everyShipment, ids, noon, plannedShipment } from '../../test/samples.js';

const { sellerId, buyerId } = agreement;
const [line] = plannedShipment.lines as [GoodsLine];
const count = [{ lineId: line.lineId, received: 976, rejected: 16, reason: 'stitching' }];
type Outcome = { ok: boolean; reason?: string };
const commands: Record<string, (shipment: Shipment) => Outcome> = {
  dispatch: (s) => dispatchShipment(s, { by: sellerId, waybill: 'W-1' }, ids.rest, noon),
  arrive: (s) => arriveShipment(s, ids.carrier, noon),
  receive: (s) => receiveShipment(s, buyerId, count, { receiptId: ids.receipt, now: noon, remaining: 0 }),
  cancel: (s) => cancelShipment(s, 'declined'),
  'not-arrived': (s) => failShipment(s, 'not-arrived', 0),
  'not-dispatched': (s) => failShipment(s, 'not-dispatched', 0),
  withdraw: (s) => failShipment(s, 'withdrawn-by-seller', 0),
};

describe('a shipment’s life', () => {
  const ok = 'accepted';
  const [notPlanned, notUnderWay] = ['shipment-not-planned', 'shipment-not-under-way'];
  const table: Record<string, Record<Shipment['status'], string>> = {
    dispatch: { planned: ok, dispatched: notPlanned, arrived: notPlanned, received: notPlanned, cancelled: notPlanned, failed: notPlanned },
    arrive: { planned: notUnderWay, dispatched: ok, arrived: notUnderWay, received: notUnderWay, cancelled: notUnderWay, failed: notUnderWay },
    receive: { planned: notUnderWay, dispatched: ok, arrived: ok, received: notUnderWay, cancelled: notUnderWay, failed: notUnderWay },
    cancel: { planned: ok, dispatched: notPlanned, arrived: notPlanned, received: notPlanned, cancelled: notPlanned, failed: notPlanned },
    'not-arrived': { planned: notUnderWay, dispatched: ok, arrived: notUnderWay, received: notUnderWay, cancelled: notUnderWay, failed: notUnderWay },
    'not-dispatched': { planned: ok, dispatched: notPlanned, arrived: notPlanned, received: notPlanned, cancelled: notPlanned, failed: notPlanned },
    withdraw: { planned: ok, dispatched: notPlanned, arrived: notPlanned, received: notPlanned, cancelled: notPlanned, failed: notPlanned },
  };
  const cases = Object.entries(table).flatMap(([command, row]) => everyShipment.map((shipment) => ({ command, shipment, status: shipment.status, expected: row[shipment.status] })));

  it.each(cases)('$command of a $status shipment: $expected', ({ command, shipment, expected }) => {
    const outcome = commands[command]?.(shipment);
    expect(outcome?.ok === true ? ok : outcome?.reason).toBe(expected);
  });
});

describe('dispatching', () => {
  it('waits until the match is secured', () => {
    expect(dispatchShipment({ ...plannedShipment, secured: false }, { by: sellerId, waybill: 'W-1' }, ids.rest, noon)).toMatchObject({ ok: false, reason: 'match-not-secured' });
  });

  it.each([
    ['the buyer', buyerId, undefined, 'not-yours-to-dispatch'],
    ['a stranger', ids.stranger, undefined, 'not-yours-to-dispatch'],
    ['the planned carrier', ids.carrier, undefined, undefined],
    ['the planned carrier naming another', ids.carrier, ids.stranger, 'not-yours-to-dispatch'],
    ['the seller naming another carrier', sellerId, ids.stranger, undefined],
  ])('by %s', (_who, by, carrierId, refusal) => {
    const outcome = dispatchShipment(plannedShipment, { by, waybill: 'W-1', ...(carrierId === undefined ? {} : { carrierId }) }, ids.rest, noon);
    expect(outcome.ok ? undefined : outcome.reason).toBe(refusal);
  });

  it('plans what stays behind as a further shipment', () => {
    const outcome = dispatchShipment(plannedShipment, { by: sellerId, waybill: 'W-1', lines: [{ lineId: line.lineId, quantity: 600 }] }, ids.rest, noon);
    expect(outcome).toMatchObject({ ok: true, state: { sent: { id: ids.shipment, lines: [{ quantity: 600 }] }, rest: { id: ids.rest, status: 'planned', secured: true, lines: [{ quantity: 400 }] } } });
    expect(outcome.ok && outcome.events.map((fact) => fact.contract.name)).toEqual(['ShipmentDispatched', 'ShipmentPlanned']);
  });

  it.each([
    ['more than planned', [{ lineId: line.lineId, quantity: 1001 }], 'more-than-planned'],
    ['nothing', [{ lineId: line.lineId, quantity: 0 }], 'nothing-to-dispatch'],
    ['a line of another match', [{ lineId: ids.stranger, quantity: 1 }], 'line-unknown'],
    ['a line twice', [{ lineId: line.lineId, quantity: 1 }, { lineId: line.lineId, quantity: 2 }], 'line-twice'],
  ])('refuses %s', (_what, lines, reason) => {
    expect(dispatchShipment(plannedShipment, { by: sellerId, waybill: 'W-1', lines }, ids.rest, noon)).toMatchObject({ ok: false, reason });
  });

  it('never ships more than was agreed, in however many shipments', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(amounts, fc.array(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 5, maxLength: 5 }), { maxLength: 6 }), (agreed, attempts) => {
      const whole = agreed.map((quantity, i) => ({ lineId: String(i), variantId: 'v', quantity, unit: 'PR' }));
      let [left, shipped]: [GoodsLine[], GoodsLine[]] = [whole, []];
      for (const attempt of attempts) {
        const split = splitLines(left, left.map(({ lineId }) => ({ lineId, quantity: attempt[Number(lineId)] ?? 0 })));
        if (!split.ok) continue;
        [left, shipped] = [split.state.staying, [...shipped, ...split.state.leaving]];
      }
      expect(unitsOf(shipped) + unitsOf(left)).toBe(unitsOf(whole));
      for (const plan of whole) expect(unitsOf(shipped.filter((sent) => sent.lineId === plan.lineId))).toBeLessThanOrEqual(plan.quantity);
    }));
  });
});

it('merges two offers on one line into one price that is exact for the whole', () => {
  const [matched] = MatchMade.sample.lines as [(typeof MatchMade.sample.lines)[number]];
  const dearer = { ...matched, offerId: ids.stranger, quantity: 500, price: { amount: '4200000', per: 1 }, amount: '2100000000' };
  expect(agreementOf({ ...MatchMade.sample, lines: [matched, dearer] }).lines).toEqual([
    { lineId: matched.lineId, variantId: matched.variantId, unit: 'PR', quantity: 1500, price: { amount: '6250000000', per: 1500 } },
  ]);
});
