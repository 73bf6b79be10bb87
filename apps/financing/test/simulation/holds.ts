import { dayOf } from '@peyvand/kernel';
import { answerByOf } from '../../src/domain/barat.js';
import { isOverdue, owed, type Status } from '../../src/domain/financing-case.js';
import type { CaseFile } from '../../src/store/cases.store.js';
import type { World } from './world.js';

/** From which status a case may come to which. */
const overdue: readonly Status[] = ['protested', 'recourse', 'recourse-paid', 'recourse-lost', 'settled'];
const after: Readonly<Record<Status, readonly Status[]>> = {
  opened: ['bidding', 'unfinanced', 'due', 'settled'], bidding: ['chosen', 'assigned', 'endorsed', 'unfinanced', 'due'], chosen: ['assigned', 'bidding', 'due'], assigned: ['bought', 'bidding'],
  bought: ['due'], endorsed: ['due'], unfinanced: ['endorsed', 'due', 'settled'], due: ['failed', 'settled'], failed: overdue, protested: overdue, recourse: overdue, 'recourse-paid': overdue,
  'recourse-lost': ['settled'], settled: [],
};

export type Seen = Map<string, Status>;

/** The first invariant that does not hold. */
export const brokenBy = (world: World, seen: Seen): string | undefined => {
  for (const file of world.files.values()) {
    const { of: { caseId }, stage: { status } } = file.case;
    const before = seen.get(caseId) ?? status;
    if (before !== status && !after[before].includes(status)) return `case ${caseId} went from ${before} to ${status}`;
    seen.set(caseId, status);
    const fault = faultOf(world, file);
    if (fault !== undefined) return `case ${caseId} is ${status}: ${fault}`;
  }
  return booksOf(world) ?? limitsOf(world) ?? Array.from(world.time.dues).flatMap(([due, moment]) => (moment < world.time.now ? [`${due} was due before ${new Date(world.time.now).toISOString()}`] : []))[0];
};

/** Case, receivable, paper, lien and money of one folder tell the same. */
const faultOf = (world: World, { case: state, receivable, paper }: CaseFile): string | undefined => {
  const { of: { caseId, matchId }, stage, holderId, invoiceId } = state;
  if (owed(state) < 0n) return `${state.paid} were paid of ${state.face}`;
  if (world.casesOf(matchId).filter((other) => other.case.invoiceId === invoiceId).length > 1) return 'its invoice has a second case';
  const lien = world.liens.get(caseId);
  const isOpen = stage.status !== 'settled';
  if (isOpen && receivable.lien?.holderId !== lien) return `the lien is ${String(receivable.lien?.holderId)}'s, the register says ${String(lien)}`;
  if ((stage.status === 'bought' || stage.status === 'assigned' || stage.status === 'endorsed') && lien !== holderId) return `the holder is ${holderId}, the lien ${String(lien)}'s`;
  if (!isOpen && lien !== undefined) return 'it is settled and still under a lien';
  if (state.instrumentId !== undefined && paper !== undefined && paper.holderId !== holderId) return `the paper is held by ${paper.holderId}, the claim by ${holderId}`;
  if (paper?.stage.status === 'presented' && world.time.now > answerByOf(paper.stage.at)) return 'its paper waits for an answer that can come no more';
  if (!isOpen && stage.outcome !== 'written-off' && state.instrumentId !== undefined && paper !== undefined && paper.stage.status !== 'paid') return `all is paid and the paper is ${paper.stage.status}`;
  const disbursed = world.moved.filter((payment) => payment.caseId === caseId && payment.purpose === 'disburse');
  if (disbursed.length > 1) return 'the seller was paid twice';
  if (disbursed.length === 1 && state.bought === undefined) return 'the seller was paid for what nobody bought';
  return undefined;
};

/** The ledger: every case in balance, no account beyond its side, and what it says is owed and paid is what the case and the bank say. */
const booksOf = (world: World): string | undefined => {
  const sums = new Map<string, bigint>();
  const add = (key: string, amount: bigint) => sums.set(key, (sums.get(key) ?? 0n) + amount);
  for (const { partyId, caseId, kind, amount } of world.balances.values()) {
    add(caseId, amount);
    if (kind === 'claim' || kind === 'overdue') add(`${caseId}/claims`, amount);
    if (kind === 'cash') add(`${caseId}/${partyId}`, amount);
    if ((kind === 'claim' || kind === 'overdue' || kind === 'loss') && amount < 0n) return `${partyId} has ${amount} as ${kind} in case ${caseId}`;
    if (kind === 'debt' && amount > 0n) return `${partyId} has paid ${amount} more than it owed in case ${caseId}`;
    if (kind === 'transit' && amount !== 0n) return `${amount} of case ${caseId} are on their way between two rows`;
    const state = world.files.get(caseId)?.case;
    if (state === undefined) continue;
    // The purchase happens with the money: until then the claim is the seller's.
    const ownerId = state.stage.status === 'assigned' ? state.of.sellerId : state.holderId;
    if (kind === 'claim' && amount > 0n && (isOverdue(state) || partyId !== ownerId)) return `${partyId} claims ${amount} in case ${caseId}, which is ${state.stage.status} and ${state.holderId}'s`;
  }
  for (const { case: state } of world.files.values()) {
    const { of: { caseId }, stage } = state;
    if (sums.get(caseId) !== 0n) return `case ${caseId} is out of balance by ${String(sums.get(caseId))}`;
    const claimed = sums.get(`${caseId}/claims`) ?? 0n;
    const due = stage.status === 'settled' ? 0n : owed(state);
    if (claimed !== due) return `the ledger claims ${claimed} in case ${caseId}, owed are ${due}`;
  }
  for (const { caseId, fromId, toId, amount } of world.moved) for (const [partyId, by] of [[fromId, -amount], [toId, amount]] as const) add(`${caseId}/${partyId}`, -by);
  for (const [key, amount] of sums) if (key.split('/').length === 2 && !key.endsWith('/claims') && amount !== 0n) return `ledger and bank differ by ${amount} in the cash of ${key}`;
  return undefined;
};

/** What a limit counts is what its reservations hold, each for a case that is still owed; room is never sold twice. */
const limitsOf = (world: World): string | undefined => {
  const held = new Map<string, bigint>();
  const carried = new Map<string, number>();
  for (const { limitId, unused, uses, of } of world.reservations.values()) {
    if (unused < 0n) return `match ${of.matchId} holds ${unused} of a limit`;
    held.set(limitId, (held.get(limitId) ?? 0n) + unused + Object.values(uses).reduce((sum, amount) => sum + amount, 0n));
    for (const caseId of Object.keys(uses)) {
      const state = world.files.get(caseId)?.case;
      if (state === undefined || state.stage.status === 'settled') return `a limit still carries case ${caseId}, on which nothing is owed`;
      carried.set(caseId, (carried.get(caseId) ?? 0) + 1);
      if ((carried.get(caseId) ?? 0) > 1 && state.stage.status !== 'assigned') return `case ${caseId} is ${state.stage.status} and carried by ${carried.get(caseId)} limits`;
    }
  }
  for (const { id, taken, amount } of world.limits.values()) {
    if (taken !== (held.get(id) ?? 0n)) return `limit ${id} counts ${taken} as taken, its matches hold ${held.get(id) ?? 0n}`;
    // Lowered below what is taken it voids nothing, and nothing is added.
    if (taken > (world.takenBefore.get(id) ?? 0n) && taken > amount) return `limit ${id}: ${taken} taken of ${amount}`;
    world.takenBefore.set(id, taken);
  }
  return undefined;
};

/** After a long calm: nothing waits for a moment that never comes. */
export const leftOver = (world: World): string | undefined => {
  const waits: readonly Status[] = ['opened', 'bidding', 'chosen', 'assigned', 'bought', 'endorsed', 'unfinanced', 'due'];
  for (const { case: { of, stage }, paper } of world.files.values()) {
    if (waits.includes(stage.status) || (stage.status === 'failed' && stage.protestBy !== undefined)) return `case ${of.caseId} is still ${stage.status} on ${dayOf(world.time.now)}`;
    if (stage.status === 'recourse-paid' && !world.time.dues.has(`ask-again ${of.caseId}`) && !world.isPaymentUnderWay(of.caseId)) return `nobody asks the debtor of case ${of.caseId} again`;
    if (paper?.stage.status === 'presented') return `the paper of case ${of.caseId} still waits for an answer`;
  }
  for (const { of, unused } of world.reservations.values()) {
    const deal = world.deals.get(of.matchId);
    const delivered = deal?.over === true && deal.invoices.every(({ approved }) => approved);
    if (delivered && unused > 0n) return `match ${of.matchId} is over and still holds ${unused} of a limit`;
  }
  return undefined;
};
