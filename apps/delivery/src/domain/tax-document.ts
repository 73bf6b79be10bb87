import { accept, addDays, assertNever, buildTaxId, day, rateAt, refuse, type Dated, type Day, type Decision, type TaxId } from '@peyvand/kernel';
import { isTaxRegistered, memoryIdOn, type TaxRegistration } from './vat.js';

/** `corrective` stands in for an invoice that the tax system has already, `return` takes back part of one. */
export type Head = { readonly id: string; readonly sellerId: string; readonly buyerId: string } & (
  | { readonly subject: 'original' }
  | { readonly subject: 'corrective' | 'return'; readonly originalId: string });

/** The buyer's word to the tax office, or what takes its place. Every one of them means: registered. */
export const reactions = ['awaiting-reaction', 'confirmed', 'system-confirmed', 'rejected', 'reaction-not-needed', 'reaction-not-possible', 'cancelled'] as const;
export type Reaction = (typeof reactions)[number];

/**
 * One invoice or credit note towards the tax system (سامانهٔ مؤدیان). It is tax evidence and never an undertaking to pay: approval, paper and
 * money neither wait for it nor read it, and silence that confirms it there accepts nothing here. Two clocks, never one.
 */
export type TaxDocument = Head & (
  | { readonly state: 'not-needed' | 'memory-id-missing' | 'waiting-for-original' }
  | { readonly state: 'not-sent' | 'sent'; readonly taxId: TaxId }
  | { readonly state: 'refused'; readonly taxId: TaxId; readonly reason: string }
  | { readonly state: Reaction; readonly taxId: TaxId; readonly registeredOn: Day; readonly reactBy: Day; readonly reason?: string });
export type TaxState = TaxDocument['state'];
export const taxStates = ['not-needed', 'memory-id-missing', 'waiting-for-original', 'not-sent', 'sent', 'refused', ...reactions] as const satisfies readonly TaxState[];
export type NumberedDocument = Extract<TaxDocument, { taxId: TaxId }>;
export type RegisteredDocument = Extract<TaxDocument, { registeredOn: Day }>;

/** What is heard of a document: that the tax system has it, and what it says of it, perhaps late, perhaps more than once. */
export type TaxAnswer = { readonly taxId: string } & (
  | { readonly outcome: 'handed-over' }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'registered'; readonly on: Day; readonly reaction?: Reaction; readonly reason?: string });

/** Days from registration after which silence confirms (تأیید سیستمی). The tax office's practice, so a dated row: a later one may say otherwise. */
export const reactionWindows: readonly (Dated & { readonly days: number })[] = [{ from: day('2019-10-13'), days: 30 }];

export const isNumbered = (document: TaxDocument): document is NumberedDocument => 'taxId' in document;
export const isRegistered = (document: TaxDocument): document is RegisteredDocument => 'registeredOn' in document;

type Given = {
  readonly issuedOn: Day;
  /** The seller replaced the invoice before it was ever sent. */
  readonly withdrawn: boolean;
  readonly registrations: readonly TaxRegistration[];
  /** The document it corrects or returns from. */
  readonly original: TaxDocument | undefined;
  /** Drawn for this document alone. */
  readonly serial: number;
};

/** Gives a document that was never sent its tax id, or says what it waits for. What follows another is sent once that one is registered. */
export const prepare = (head: Head, { issuedOn, withdrawn, registrations, original, serial }: Given): TaxDocument => {
  if (withdrawn || original?.state === 'not-needed') return { ...head, state: 'not-needed' };
  if (head.subject === 'original' && !isTaxRegistered(registrations, issuedOn)) return { ...head, state: 'not-needed' };
  if (head.subject !== 'original' && (original === undefined || !isRegistered(original))) return { ...head, state: 'waiting-for-original' };
  const memory = memoryIdOn(registrations, issuedOn);
  return memory === undefined ? { ...head, state: 'memory-id-missing' } : { ...head, state: 'not-sent', taxId: buildTaxId({ memory, on: issuedOn, serial }) };
};

/** What the answer makes of the document: the same object when it says nothing new. The system is the authority: its late word replaces what our clock assumed. */
export const hear = (document: NumberedDocument, answer: TaxAnswer, windows = reactionWindows): NumberedDocument => {
  const { state } = document;
  const open = state === 'not-sent' || state === 'sent';
  switch (answer.outcome) {
    case 'handed-over': return state === 'not-sent' ? { ...document, state: 'sent' } : document;
    case 'refused': return open ? { ...document, state: 'refused', reason: answer.reason } : document;
    case 'registered': {
      const said = answer.reaction ?? 'awaiting-reaction';
      // Once we know of a reaction, "awaits one" is old news; a cancelled document does not come back.
      if (isRegistered(document) && (said === state || said === 'awaiting-reaction' || state === 'cancelled')) return document;
      const registeredOn = isRegistered(document) ? document.registeredOn : answer.on;
      const window = rateAt(windows, registeredOn);
      if (window === undefined) throw new RangeError(`No time to react is known for ${registeredOn}`);
      return { ...headOf(document), taxId: document.taxId, state: said, registeredOn, reactBy: addDays(registeredOn, window.days), ...(answer.reason === undefined ? {} : { reason: answer.reason }) };
    }
    default: return assertNever(answer);
  }
};

const headOf = (document: Head): Head => {
  const { id, sellerId, buyerId } = document;
  return document.subject === 'original' ? { id, sellerId, buyerId, subject: document.subject } : { id, sellerId, buyerId, subject: document.subject, originalId: document.originalId };
};

export type BuyersWord = { readonly reaction: 'confirmed' | 'rejected'; readonly reason?: string };
export type ReactRefusal = 'not-yours-to-react' | 'not-awaiting-reaction' | 'reason-needed';

/** The buyer tells the tax office, through us, whether the invoice is right. It binds nobody to pay and releases nobody. */
export const react = (document: TaxDocument, by: string, { reaction, reason }: BuyersWord, today: Day): Decision<RegisteredDocument, never, ReactRefusal> => {
  if (by !== document.buyerId) return refuse('not-yours-to-react');
  if (document.state !== 'awaiting-reaction' || today > document.reactBy) return refuse('not-awaiting-reaction', { state: document.state });
  if (reaction === 'rejected' && reason === undefined) return refuse('reason-needed');
  return accept({ ...document, state: reaction, ...(reason === undefined ? {} : { reason }) });
};
