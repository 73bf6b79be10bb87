import { endOfDay, vatOn } from '@peyvand/kernel';
import { playOf, trialOf, type Holds } from '@peyvand/testing/simulation';
import { lastDay, scheduleOf, type Does, type Variant } from './schedule.js';
import { vatRate, World } from './world.js';

/** Ways to build it wrongly, by name. */
export const variants: Readonly<Record<Variant, Variant>> = {
  'deadlines-ignored': 'deadlines-ignored', 'rest-forgotten': 'rest-forgotten', 'invoice-twice': 'invoice-twice', 'one-person-approves': 'one-person-approves', 'dispute-overlooked': 'dispute-overlooked',
  'match-left-out': 'match-left-out',
};

/** What holds in delivery alone. */
export const holdsOf = (world: World): Holds => ({ always: () => brokenBy(world), atLast: () => leftOver(world) });

/** Plays one schedule; what must hold is looked at after everything that happens. */
export const simulate = playOf<Does, Variant, World>((schedule, variant, telling) => new World(schedule, variant, telling), holdsOf, endOfDay(lastDay));

export const { search, shrink, storyOf, caught } = trialOf(scheduleOf, simulate);

/** The first invariant that does not hold. */
const brokenBy = (world: World): string | undefined => {
  for (const { agreement: { matchId, lines } } of world.matches.values()) {
    const shipments = [...world.shipments.values()].filter((one) => one.matchId === matchId);
    for (const { lineId, quantity } of shipments.length === 0 ? [] : lines) {
      const carried = shipments.flatMap((one) => one.lines).filter((line) => line.lineId === lineId).reduce((sum, line) => sum + line.quantity, 0);
      if (carried !== quantity) return `line ${lineId}: ${quantity} agreed, ${carried} on shipments`;
    }
  }
  for (const { shipmentId, lines } of world.receipts.values()) {
    for (const line of lines) {
      const sent = world.shipments.get(shipmentId)?.lines.find(({ lineId }) => lineId === line.lineId)?.quantity ?? 0;
      if (line.received > sent || line.accepted < 0 || line.received + line.short !== sent || line.accepted + line.rejected !== line.received) return `shipment ${shipmentId} carried ${sent}, counted ${JSON.stringify(line)}`;
    }
  }
  const standing = new Set<string>();
  for (const invoice of world.invoices.values()) {
    if (invoice.status === 'replaced') continue;
    if (standing.has(invoice.shipmentId)) return `shipment ${invoice.shipmentId} is invoiced twice`;
    standing.add(invoice.shipmentId);
    if (invoice.gross !== invoice.goods + invoice.vat) return `invoice ${invoice.id} does not add up`;
    if (invoice.status === 'discrepant') continue;
    const receipt = world.receipts.get(invoice.shipmentId);
    for (const { lineId, quantity, amount, vat } of invoice.lines) {
      if (quantity > (receipt?.lines.find((line) => line.lineId === lineId)?.accepted ?? 0)) return `invoice ${invoice.id} is ${invoice.status} for more than was accepted`;
      if (vat !== vatOn(amount, vatRate)) return `invoice ${invoice.id} is ${invoice.status} with the wrong tax`;
    }
    if (invoice.status === 'approved' && invoice.approvedBy === invoice.checkedBy) return `invoice ${invoice.id} was checked and approved by one person`;
  }
  for (const [due, moment] of world.time.dues) if (moment < world.time.now) return `${due} was passed over`;
  return undefined;
};

/** After a long calm: nothing that may leave has stayed, and nothing is on the road. */
const leftOver = (world: World): string | undefined => {
  const left = [...world.shipments.values()].find((one) => one.status === 'dispatched' || (one.status === 'planned' && one.secured));
  return left === undefined ? undefined : `shipment ${left.id} is still ${left.status}`;
};
