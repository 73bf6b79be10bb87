import type { Place } from '@peyvand/contracts';
import { dayOf, isUuid, newId, type Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Line } from '../domain/order.js';
import { sourcingOf } from '../domain/sourcing.js';
import { substituteFault, withoutRepeats } from '../domain/substitutes.js';
import { findCodes, findParents, findPlaces, findVariants, type Variant } from '../store/reference.store.js';
import type { Buyer, FaultCode, NewLine, NewOrder, OrderFault } from './new-order.js';

/** An order whose every name was found: ready to be stored. `index` is its place in the batch. */
export type ReadyOrder = { readonly index: number; readonly orderId: string; readonly order: NewOrder; readonly lines: readonly Line[] };

/**
 * Looks up all variants, codes, places and parent matches of a batch (a statement for each kind, however many orders) and answers
 * the orders without fault and the faults of the others. Writes nothing. PO numbers are checked when storing.
 */
export const checkOrders = async (tx: Tx, buyer: Buyer, orders: readonly NewOrder[]): Promise<{ ready: ReadyOrder[]; faults: OrderFault[] }> => {
  const known = await lookUp(tx, buyer, orders);
  const today = dayOf(tx.now);
  const ready: ReadyOrder[] = [];
  const faults: OrderFault[] = [];
  orders.forEach((order, index) => {
    const orderId = order.id ?? newId();
    const before = faults.length;
    const fault = (path: string, code: FaultCode, value?: string) => faults.push({ order: index, path, code, ...(value === undefined ? {} : { value }) });
    if (order.parentMatchId !== undefined && !known.parents.has(order.parentMatchId)) fault('parentMatchId', 'parent-match-unknown', order.parentMatchId);
    const lines = order.lines.flatMap((line, at) => readyLine(orderId, line, known, today, (field, code, value) => fault(`lines[${at}].${field}`, code, value)));
    if (faults.length === before) ready.push({ index, orderId, order, lines });
  });
  return { ready, faults };
};

type Known = { readonly variants: ReadonlyMap<string, Variant>; readonly codes: ReadonlyMap<string, readonly string[]>; readonly places: ReadonlyMap<string, Place>; readonly parents: ReadonlySet<string> };

const lookUp = async (tx: Tx, buyer: Buyer, orders: readonly NewOrder[]): Promise<Known> => {
  const lines = orders.flatMap((order) => order.lines);
  const codes = await findCodes(tx, buyer.party, distinct(lines.map((line) => (line.variantId === undefined ? line.code : undefined))));
  const variants = await findVariants(tx, distinct([...lines.flatMap((line) => [line.variantId, ...(line.substitutes ?? [])]), ...[...codes.values()].flat()]));
  const places = await findPlaces(tx, buyer.party, distinct(lines.map((line) => (typeof line.shipTo === 'string' ? line.shipTo : undefined))));
  const parents = await findParents(tx, buyer.party, distinct(orders.map((order) => order.parentMatchId)));
  return { variants, codes, places, parents };
};

type Report = (field: string, code: FaultCode, value?: string) => void;

const readyLine = (orderId: string, line: NewLine, known: Known, today: Day, report: Report): Line[] => {
  const variant = variantOf(line, known, report);
  const shipTo = placeOf(line.shipTo, known);
  if (shipTo === undefined) report('shipTo', 'place-unknown', String(line.shipTo));
  if (variant !== undefined && line.unit !== undefined && line.unit !== variant.unit) report('unit', 'unit-differs', line.unit);
  if (line.neededBy < today) report('neededBy', 'needed-by-past', line.neededBy);
  if ((line.minimumFill ?? 0) > line.quantity) report('minimumFill', 'minimum-fill-above-quantity', String(line.minimumFill));
  if (variant === undefined || shipTo === undefined) return [];
  const substitutes = substitutesOf(line, variant, known, report);
  return [{
    lineId: newId(), orderId, variantId: variant.variantId, market: variant.market, unit: variant.unit, quantity: line.quantity, shipTo, neededBy: line.neededBy,
    fillPolicy: line.fillPolicy ?? 'partial', substitutes, approvedSellers: line.approvedSellers ?? [], blockedSellers: line.blockedSellers ?? [], excludedSellers: [],
    matched: 0, waiting: line.quantity, unmatched: 0, cancelled: 0, final: false, version: 1,
    ...(line.code === undefined ? {} : { code: line.code }),
    ...(line.priceCeiling === undefined ? {} : { priceCeiling: line.priceCeiling }),
    ...(line.terms === undefined ? {} : { terms: line.terms }),
    ...(line.minimumGrade === undefined ? {} : { minimumGrade: line.minimumGrade }),
    ...sourcingOf(line),
  }];
};

const variantOf = (line: NewLine, known: Known, report: Report): Variant | undefined => {
  if (line.variantId === undefined && line.code === undefined) {
    report('variantId', 'line-names-nothing');
    return undefined;
  }
  const id = line.variantId ?? known.codes.get(line.code ?? '')?.[0];
  const variant = id === undefined ? undefined : known.variants.get(id);
  if (variant !== undefined) return variant;
  if (line.variantId === undefined && id === undefined) report('code', 'code-unknown', line.code);
  else report('variantId', 'variant-unknown', id);
  return undefined;
};

/** What does as well: the line's own word, else the other variants its code names. A fault of the code's is told at the code. */
const substitutesOf = (line: NewLine, variant: Variant, known: Known, report: Report): string[] => {
  const { substitutes } = line;
  const named = substitutes ?? (line.variantId === undefined ? known.codes.get(line.code ?? '')?.slice(1) : undefined) ?? [];
  const all = withoutRepeats(named, variant.variantId);
  for (const id of all) {
    const code = substituteFault(variant, known.variants.get(id));
    if (code !== undefined) report(substitutes === undefined ? 'code' : `substitutes[${substitutes.indexOf(id)}]`, code, id);
  }
  return all;
};

const placeOf = (shipTo: NewLine['shipTo'], known: Known): Place | undefined =>
  typeof shipTo === 'string' ? known.places.get(isUuid(shipTo) ? shipTo.toLowerCase() : shipTo) : { ...shipTo, placeId: shipTo.placeId ?? newId() };

const distinct = (values: readonly (string | undefined)[]): string[] => [...new Set(values.filter((value): value is string => value !== undefined))];
