import { isoOf, type Instant } from '@peyvand/kernel';
import type { Receipt } from './receipt.js';
import type { Shipment } from './shipment.js';

/** The events of GS1 EPCIS 2.0 and its core business vocabulary that a shipment gives rise to. */
type BizStep = 'shipping' | 'arriving' | 'receiving' | 'inspecting' | 'void_shipping';
type Disposition = 'in_transit' | 'in_progress' | 'conformant' | 'non_conformant' | 'mismatch_quantity' | 'unknown';
type Quantity = { readonly lineId: string; readonly variantId: string; readonly quantity: number };

export type ObjectEvent = {
  readonly type: 'ObjectEvent';
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventTimeZoneOffset: '+03:30';
  readonly action: 'OBSERVE' | 'DELETE';
  readonly bizStep: BizStep;
  readonly disposition: Disposition;
  readonly readPoint: { readonly id: string };
  readonly bizLocation?: { readonly id: string };
  readonly quantityList: readonly { readonly epcClass: string; readonly quantity: number; readonly uom: string }[];
  readonly bizTransactionList: readonly { readonly type: 'po' | 'desadv' | 'bol' | 'recadv'; readonly bizTransaction: string }[];
  readonly sourceList: readonly { readonly type: 'owning_party' | 'possessing_party'; readonly source: string }[];
  readonly destinationList: readonly { readonly type: 'owning_party' | 'location'; readonly destination: string }[];
};
export type EpcisDocument = {
  readonly '@context': string; readonly type: 'EPCISDocument'; readonly schemaVersion: '2.0'; readonly creationDate: string;
  readonly epcisBody: { readonly eventList: readonly ObjectEvent[] };
};

/**
 * A shipment's visible history. Goods with a GTIN are named by it (GS1 Digital Link), others and all parties and places by their id as a
 * URN. Event ids are made of the shipment's, so that asking twice gives the same events. `endedAt` dates a shipment that failed on the road.
 */
export const epcisOf = (shipment: Shipment, receipt: Receipt | undefined, given: { gtins: ReadonlyMap<string, string>; endedAt?: Instant; now: Instant }): EpcisDocument => ({
  '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  type: 'EPCISDocument', schemaVersion: '2.0', creationDate: isoOf(given.now),
  epcisBody: { eventList: eventsOf(shipment, receipt, given) },
});

const eventsOf = (shipment: Shipment, receipt: Receipt | undefined, { gtins, endedAt }: { gtins: ReadonlyMap<string, string>; endedAt?: Instant }): ObjectEvent[] => {
  if (!('dispatchedAt' in shipment) || shipment.dispatchedAt === undefined) return [];
  const { id, orderId, lines, sellerId, buyerId, carrierId, shipTo: { placeId }, dispatchedAt, waybill = '' } = shipment;
  const units = new Map(lines.map((line) => [line.lineId, line.unit]));
  const documents: ObjectEvent['bizTransactionList'] = [
    { type: 'po', bizTransaction: urn(orderId) }, { type: 'desadv', bizTransaction: urn(id) }, { type: 'bol', bizTransaction: `urn:peyvand:waybill:${encodeURIComponent(waybill)}` },
  ];
  const event = (bizStep: BizStep, disposition: Disposition, at: Instant, goods: readonly Quantity[], name: string = bizStep): ObjectEvent => ({
    type: 'ObjectEvent', eventID: `urn:peyvand:epcis:${id}:${name}`, eventTime: isoOf(at), eventTimeZoneOffset: '+03:30',
    action: bizStep === 'void_shipping' ? 'DELETE' : 'OBSERVE', bizStep, disposition,
    readPoint: { id: urn(leaving(bizStep) ? sellerId : placeId) },
    // Once goods have left they are at no place until they arrive.
    ...(leaving(bizStep) ? {} : { bizLocation: { id: urn(placeId) } }),
    quantityList: goods.map(({ lineId, variantId, quantity }) => ({ epcClass: classOf(variantId, gtins), quantity, uom: units.get(lineId) ?? 'H87' })),
    bizTransactionList: receipt === undefined || leaving(bizStep) || bizStep === 'arriving' ? documents : [...documents, { type: 'recadv', bizTransaction: urn(receipt.id) }],
    sourceList: [{ type: 'owning_party', source: urn(sellerId) }, { type: 'possessing_party', source: urn(carrierId) }],
    destinationList: [{ type: 'owning_party', destination: urn(buyerId) }, { type: 'location', destination: urn(placeId) }],
  });
  const some = (of: (line: Receipt['lines'][number]) => number): Quantity[] => (receipt?.lines ?? []).map((line) => ({ ...line, quantity: of(line) })).filter((line) => line.quantity > 0);
  const found = (disposition: Disposition, goods: readonly Quantity[]): ObjectEvent[] =>
    receipt === undefined || goods.length === 0 ? [] : [event('inspecting', disposition, receipt.receivedAt, goods, `inspecting-${disposition}`)];
  const came = some((line) => line.received);
  return [
    event('shipping', 'in_transit', dispatchedAt, lines),
    ...('arrivedAt' in shipment && shipment.arrivedAt !== undefined ? [event('arriving', 'in_progress', shipment.arrivedAt, lines)] : []),
    ...(receipt === undefined || came.length === 0 ? [] : [event('receiving', 'in_progress', receipt.receivedAt, came)]),
    ...found('conformant', some((line) => line.accepted)),
    ...found('non_conformant', some((line) => line.rejected)),
    ...found('mismatch_quantity', some((line) => line.short)),
    ...(shipment.status === 'failed' && endedAt !== undefined ? [event('void_shipping', 'unknown', endedAt, lines)] : []),
  ];
};

const leaving = (step: BizStep): boolean => step === 'shipping' || step === 'void_shipping';
const urn = (id: string): string => `urn:uuid:${id}`;
const classOf = (variantId: string, gtins: ReadonlyMap<string, string>): string => {
  const gtin = gtins.get(variantId);
  return gtin === undefined ? urn(variantId) : `https://id.gs1.org/01/${gtin.padStart(14, '0')}`;
};
