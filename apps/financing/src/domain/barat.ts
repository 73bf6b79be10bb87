import { InstrumentAccepted, InstrumentDrawn, InstrumentEndorsed, InstrumentRefused, ProtestLodged, RecourseDemanded, RecourseLost, RecoursePaid } from '@peyvand/contracts';
import { accept, addDays, addHours, addJalaliMonths, dayOf, daysBetween, isoOf, refuse, rials, type Day, type Decision, type HolidayCalendar, type Instant, type Money, type PartyId } from '@peyvand/kernel';
import type { CaseRef, FinancingFact } from './case-ref.js';
import { payDayOf, protestByOf, suitByOf } from './clocks.js';
import { faceOf, formOf, rolesOf, type Form, type InstrumentKind, type Roles, type Scheme } from './instrument-form.js';
import { afterPaymentBy, afterRecourseLost, obligorOf, type Obligor } from './liability.js';

/** The life of a barat or safte (Commercial Code 223–319; a safte follows the barat's rules, 309). Articles are cited where they bind. */
export type Instrument = Roles & {
  readonly id: string;
  readonly of: CaseRef;
  readonly kind: InstrumentKind;
  readonly scheme: Scheme;
  readonly face: Money;
  readonly stampDuty: Money;
  readonly drawnOn: Day;
  readonly maturity: Day;
  readonly payableAbroad: boolean;
  /** The day the buyer's office approved the invoice; undefined while it has not, which only paper "with order" may be. */
  readonly approvedOn?: Day;
  readonly withOrder: boolean;
  readonly holderId: PartyId;
  /** What the drawee accepted of the face; 0 before acceptance. */
  readonly acceptedAmount: Money;
  readonly paid: Money;
  readonly obligors: readonly Obligor[];
  readonly endorsements: readonly Endorsement[];
  /** A funder is buying or has bought it, or it stands as security: it does not move except to that party or back. */
  readonly lien?: { readonly kind: 'financed' | 'pledged'; readonly forId: PartyId };
  /** Nothing may be dated before this (248). */
  readonly latestOn: Day;
  readonly stage: Stage;
};

export type Stage =
  | { readonly status: 'drawn' }
  | { readonly status: 'presented'; readonly at: Instant }
  | { readonly status: 'accepted'; readonly on: Day }
  | { readonly status: 'refused'; readonly on: Day; readonly reason: string }
  | { readonly status: 'refusal-protested'; readonly on: Day }
  | { readonly status: 'matured'; readonly on: Day }
  | { readonly status: 'part-paid'; readonly on: Day }
  | { readonly status: 'paid'; readonly on: Day }
  | { readonly status: 'not-paid'; readonly on: Day; readonly reason: string }
  | { readonly status: 'protested'; readonly protestedOn: Day }
  | { readonly status: 'notified'; readonly protestedOn: Day; readonly hops: readonly Day[] }
  | { readonly status: 'recourse'; readonly protestedOn: Day; readonly against: readonly PartyId[] }
  | { readonly status: 'recourse-lost'; readonly on: Day };

export type Status = Stage['status'];
export const statuses = ['drawn', 'presented', 'accepted', 'refused', 'refusal-protested', 'matured', 'part-paid', 'paid', 'not-paid', 'protested', 'notified', 'recourse', 'recourse-lost'] as const satisfies readonly Status[];

export type Endorsement = { readonly fromId: PartyId; readonly toId: PartyId; readonly on: Day; readonly purpose: Purpose };
export type Purpose = 'debt-purchase' | 'payment-to-supplier' | 'return';

type Answer<Refusal extends string> = Decision<Instrument, FinancingFact, Refusal>;

export type Draw = {
  readonly id: string;
  readonly of: CaseRef;
  readonly kind: InstrumentKind;
  readonly scheme: Scheme;
  readonly form: Form;
  readonly stampDuty: Money;
  /** The drawee of the electronic schemes (the accepting bank or the named drawee). */
  readonly draweeId?: PartyId;
  readonly payableAbroad?: boolean;
  /** The approved invoice; absent only for paper agreed "with order". */
  readonly approved?: { readonly amount: Money; readonly on: Day };
};

/** Paper for the approved amount, no more and no less: an invoice is never split over papers nor papers over an invoice after issue. */
export const draw = (paper: Draw): Answer<'not-a-commercial-bill' | 'not-named' | 'drawee-not-named' | 'roles-differ' | 'invoice-not-approved' | 'face-differs-from-approved' | 'maturity-before-date' | 'tenor-not-allowed'> => {
  const { form, kind, scheme, of, approved } = paper;
  const { missing, commercial } = formOf(kind, form);
  const face = form.amount === undefined ? undefined : faceOf(form.amount);
  if (!commercial || form.drawnOn === undefined || form.maturity === undefined || face === undefined || face <= 0n) return refuse('not-a-commercial-bill', { missing });
  if (missing.length > 0) return refuse('not-named');
  const roles = rolesOf(kind, scheme, of.buyerId, of.sellerId, paper.draweeId);
  if ('ok' in roles) return roles;
  if (form.payeeId !== roles.payeeId || (kind === 'barat' && form.draweeId !== roles.draweeId)) return refuse('roles-differ');
  if (approved !== undefined && approved.on > form.drawnOn) return refuse('invoice-not-approved', { approvedOn: approved.on });
  if (approved !== undefined && approved.amount !== face) return refuse('face-differs-from-approved', { approved: String(approved.amount) });
  if (form.maturity <= form.drawnOn) return refuse('maturity-before-date');
  // Electronic paper runs one to twelve months.
  if (scheme !== 'paper' && (form.maturity < addJalaliMonths(form.drawnOn, 1) || form.maturity > addJalaliMonths(form.drawnOn, 12))) return refuse('tenor-not-allowed');
  const instrument: Instrument = {
    id: paper.id, of, kind, scheme, ...roles, face, stampDuty: paper.stampDuty, drawnOn: form.drawnOn, maturity: form.maturity, payableAbroad: paper.payableAbroad ?? false,
    ...(approved === undefined ? {} : { approvedOn: approved.on }), withOrder: approved === undefined, holderId: roles.payeeId, acceptedAmount: rials(0), paid: rials(0),
    // The maker of a safte owes as an acceptor does, from his signature on; a barat's drawer owes from the drawing.
    obligors: kind === 'safte' ? [] : [{ partyId: roles.drawerId, as: 'drawer', rank: 1 }],
    endorsements: [], latestOn: form.drawnOn, stage: { status: 'drawn' },
  };
  return accept(instrument, InstrumentDrawn.of({
    ...of, instrumentId: paper.id, kind, scheme, ...roles, face: String(face), stampDuty: String(paper.stampDuty), drawnOn: form.drawnOn, maturity: form.maturity,
  }));
};

/** Shown to the drawee, who answers within 24 hours (235). */
export const present = (instrument: Instrument, at: Instant): Answer<'not-drawn' | 'antedated'> => {
  if (instrument.stage.status !== 'drawn') return refuse('not-drawn');
  return dated(instrument, dayOf(at), { status: 'presented', at });
};

export type Acceptance = {
  readonly by: PartyId;
  readonly on: Day;
  /** The whole face unless the drawee accepts a part of it (232). */
  readonly amount?: Money;
  /** Whatever the drawee made his acceptance depend on; any condition is a refusal (233). */
  readonly condition?: string;
  /** Until when funders may bid, and those who may: they hold a limit on this debtor. */
  readonly bidUntil: Instant;
  readonly funderIds: readonly PartyId[];
};

/** The drawee's signature. It cannot be taken back (231), so it never comes before the invoice is approved unless the terms said "with order". */
export const acceptPaper = (instrument: Instrument, { by, on, amount = instrument.face, condition, bidUntil, funderIds }: Acceptance): Answer<'not-presented' | 'not-the-drawee' | 'antedated' | 'invoice-not-approved' | 'answer-too-late' | 'amount-out-of-range' | 'promise-is-whole'> => {
  if (instrument.stage.status !== 'presented') return refuse('not-presented');
  if (by !== instrument.draweeId) return refuse('not-the-drawee');
  if (on < instrument.latestOn) return refuse('antedated', { notBefore: instrument.latestOn });
  if (on > dayOf(answerByOf(instrument.stage.at))) return refuse('answer-too-late');
  if (!instrument.withOrder && (instrument.approvedOn === undefined || instrument.approvedOn > on)) return refuse('invoice-not-approved');
  if (condition !== undefined) return refusedWith(instrument, 'conditional-acceptance', on);
  if (amount <= 0n || amount > instrument.face) return refuse('amount-out-of-range');
  if (instrument.kind === 'safte' && amount < instrument.face) return refuse('promise-is-whole');
  return accept(
    { ...instrument, acceptedAmount: amount, obligors: [{ partyId: by, as: 'acceptor', rank: 0 }, ...instrument.obligors], latestOn: on, stage: { status: 'accepted', on } },
    // What bidders hear is what the acceptor owes.
    InstrumentAccepted.of({ ...instrument.of, instrumentId: instrument.id, kind: instrument.kind, face: String(amount), maturity: instrument.maturity, bidUntil: isoOf(bidUntil), funderIds: [...funderIds] }),
  );
};

/** Refusal to accept (نکول). */
export const refusePaper = (instrument: Instrument, by: PartyId, reason: string, on: Day): Answer<'not-presented' | 'not-the-drawee' | 'antedated'> => {
  if (instrument.stage.status !== 'presented') return refuse('not-presented');
  if (by !== instrument.draweeId) return refuse('not-the-drawee');
  return on < instrument.latestOn ? refuse('antedated', { notBefore: instrument.latestOn }) : refusedWith(instrument, reason, on);
};

/** No answer within 24 hours is treated as a refusal. */
export const lapsePresentment = (instrument: Instrument, at: Instant): Answer<'not-presented' | 'still-in-time'> => {
  if (instrument.stage.status !== 'presented') return refuse('not-presented');
  return at < answerByOf(instrument.stage.at) ? refuse('still-in-time') : refusedWith(instrument, 'not-answered', dayOf(at));
};

/** The refusal is proved by protest (236); drawer and endorsers must then give security or pay at once (237). */
export const protestRefusal = (instrument: Instrument, on: Day): Answer<'not-refused' | 'antedated'> =>
  instrument.stage.status === 'refused' ? dated(instrument, on, { status: 'refusal-protested', on }) : refuse('not-refused');

/** A guarantor is bound with the one he guaranteed and nobody else (249). */
export const guarantee = (instrument: Instrument, guarantorId: PartyId, forId: PartyId, on: Day): Answer<'not-accepted' | 'antedated' | 'not-liable' | 'cannot-guarantee-oneself'> => {
  if (instrument.stage.status !== 'accepted') return refuse('not-accepted');
  if (guarantorId === forId) return refuse('cannot-guarantee-oneself');
  const principal = obligorOf(instrument.obligors.filter((o) => o.as !== 'guarantor'), forId);
  if (principal === undefined) return refuse('not-liable');
  return dated({ ...instrument, obligors: [...instrument.obligors, { partyId: guarantorId, as: 'guarantor', rank: principal.rank }] }, on, instrument.stage);
};

/** Kept for one party: a funder whose bid was chosen, or a creditor it stands as security for. */
export const pledge = (instrument: Instrument, kind: 'financed' | 'pledged', forId: PartyId): Answer<'not-accepted' | 'already-under-lien'> => {
  if (instrument.stage.status !== 'accepted') return refuse('not-accepted');
  if (instrument.lien !== undefined && (instrument.lien.forId !== forId || instrument.lien.kind !== kind)) return refuse('already-under-lien');
  return accept({ ...instrument, lien: { kind, forId } });
};

export const unpledge = (instrument: Instrument): Answer<never> => {
  const { lien: _ended, ...free } = instrument;
  return accept(free);
};

export type Endorse = { readonly by: PartyId; readonly toId: PartyId; readonly on: Day; readonly purpose: Purpose; readonly settlesCaseId?: string };

/** Signed over whole, at face (ظهرنویسی). Not after maturity, payment or protest; not while financed or pledged, except to that party or back. */
export const endorse = (instrument: Instrument, { by, toId, on, purpose, settlesCaseId }: Endorse): Answer<'not-accepted' | 'not-the-holder' | 'already-the-holder' | 'antedated' | 'after-maturity' | 'under-lien' | 'too-early-for-electronic' | 'never-held-it'> => {
  if (instrument.stage.status !== 'accepted') return refuse('not-accepted');
  if (by !== instrument.holderId) return refuse('not-the-holder');
  if (toId === by) return refuse('already-the-holder');
  if (on < instrument.latestOn) return refuse('antedated', { notBefore: instrument.latestOn });
  // A return passes nothing on: it takes back what was never paid for, and the bank may say so as late as it likes.
  if (on > instrument.maturity && purpose !== 'return') return refuse('after-maturity');
  if (instrument.lien !== undefined && purpose !== 'return' && !(purpose === 'debt-purchase' && instrument.lien.kind === 'financed' && instrument.lien.forId === toId && instrument.holderId !== toId)) return refuse('under-lien');
  if (purpose === 'debt-purchase' && on < discountableFrom(instrument)) return refuse('too-early-for-electronic', { from: discountableFrom(instrument) });
  const fact = InstrumentEndorsed.of({
    ...instrument.of, instrumentId: instrument.id, fromId: by, toId, face: String(instrument.face), purpose, ...(settlesCaseId === undefined ? {} : { settlesCaseId }),
  });
  const endorsements = [...instrument.endorsements, { fromId: by, toId, on, purpose }];
  if (purpose !== 'return') {
    const rank = 2 + instrument.endorsements.length;
    return accept({ ...instrument, holderId: toId, endorsements, obligors: [...instrument.obligors, { partyId: by, as: 'endorser', rank }], latestOn: on }, fact);
  }
  // Back to one who signed before: he cannot claim from those after himself, nor from himself.
  const place = instrument.obligors.filter((o) => o.partyId === toId && o.as === 'endorser').at(-1);
  if (place === undefined) return refuse('never-held-it');
  const { lien: _ended, ...free } = instrument;
  return accept({ ...free, holderId: toId, endorsements, obligors: instrument.obligors.filter((o) => o.rank < place.rank), latestOn: on }, fact);
};

/** Electronic paper may be discounted only after a quarter of its life; paper at once. */
export const discountableFrom = ({ scheme, drawnOn, maturity }: Pick<Instrument, 'scheme' | 'drawnOn' | 'maturity'>): Day =>
  scheme === 'paper' ? drawnOn : addDays(drawnOn, Math.ceil(daysBetween(drawnOn, maturity) / 4));

/** The pay day has come: the maturity, or the next working day (244). */
export const mature = (instrument: Instrument, on: Day, holidays: HolidayCalendar): Answer<'not-accepted' | 'not-yet-due'> => {
  if (instrument.stage.status !== 'accepted') return refuse('not-accepted');
  return on < payDayOf(instrument, holidays) ? refuse('not-yet-due') : accept({ ...instrument, latestOn: later(instrument.latestOn, on), stage: { status: 'matured', on } });
};

/** The acceptor pays, in whole or in part (268), also after protest. The holder's case tells of it (PaymentCollected). */
export const pay = (instrument: Instrument, amount: Money, on: Day): Answer<'not-due' | 'amount-out-of-range' | 'antedated'> => {
  if (!isDue(instrument.stage.status)) return refuse('not-due');
  if (amount <= 0n || amount > remainder(instrument)) return refuse('amount-out-of-range', { owed: String(remainder(instrument)) });
  const paid = rials(instrument.paid + amount);
  if (amount === remainder(instrument)) return dated({ ...instrument, paid, obligors: [] }, on, { status: 'paid', on });
  const stage: Stage = instrument.stage.status === 'matured' ? { status: 'part-paid', on } : instrument.stage;
  return dated({ ...instrument, paid }, on, stage);
};

/** Not paid at maturity (عدم تأدیه). Recourse still needs the protest. */
export const dishonour = (instrument: Instrument, reason: string, on: Day): Answer<'not-matured' | 'antedated'> =>
  instrument.stage.status === 'matured' ? dated(instrument, on, { status: 'not-paid', on, reason }) : refuse('not-matured');

/** Protest (واخواست) for what is unpaid, within ten days of the pay day (280); nothing replaces it (295). */
export const protest = (instrument: Instrument, on: Day, holidays: HolidayCalendar): Answer<'not-unpaid' | 'antedated' | 'protest-too-late'> => {
  if (!isUnpaid(instrument.stage.status)) return refuse('not-unpaid');
  if (on < instrument.latestOn) return refuse('antedated', { notBefore: instrument.latestOn });
  const by = protestByOf(instrument, holidays);
  if (on > by) return refuse('protest-too-late', { protestBy: by });
  return accept({ ...instrument, latestOn: on, stage: { status: 'protested', protestedOn: on } }, ProtestLodged.of({ ...recourseOf(instrument), lodgedOn: on }));
};

/** On the eleventh day without protest, the endorsers and the drawer who gave cover are free (289, 290). */
export const loseRecourse = (instrument: Instrument, on: Day, holidays: HolidayCalendar): Answer<'not-unpaid' | 'still-in-time'> => {
  if (instrument.stage.status !== 'matured' && !isUnpaid(instrument.stage.status)) return refuse('not-unpaid');
  if (on <= protestByOf(instrument, holidays)) return refuse('still-in-time');
  return accept({ ...instrument, obligors: afterRecourseLost(instrument.obligors), latestOn: later(instrument.latestOn, on), stage: { status: 'recourse-lost', on } }, RecourseLost.of(recourseOf(instrument)));
};

/** Notice of the protest, one hop up the chain at a time, ten days each (284, 285). A late notice costs damages and not the claim, so it is taken. */
export const notify = (instrument: Instrument, on: Day): Answer<'not-protested' | 'antedated'> => {
  const { stage } = instrument;
  if (stage.status !== 'protested' && stage.status !== 'notified') return refuse('not-protested');
  return dated(instrument, on, { status: 'notified', protestedOn: stage.protestedOn, hops: [...(stage.status === 'notified' ? stage.hops : []), on] });
};

/** The holder may turn to any of those liable, one or all, in any order (249). */
export const demandRecourse = (instrument: Instrument, againstId: PartyId, on: Day): Answer<'not-protested' | 'not-liable' | 'antedated' | 'suit-time-barred'> => {
  const { stage } = instrument;
  if (stage.status !== 'protested' && stage.status !== 'notified' && stage.status !== 'recourse' && stage.status !== 'refusal-protested') return refuse('not-protested');
  const obligor = obligorOf(instrument.obligors, againstId);
  if (obligor === undefined || againstId === instrument.holderId) return refuse('not-liable');
  if (on < instrument.latestOn) return refuse('antedated', { notBefore: instrument.latestOn });
  const protestedOn = stage.status === 'refusal-protested' ? stage.on : stage.protestedOn;
  // Guarantors stand outside the limit of art. 286 (unification ruling 597), and so does the acceptor.
  if (obligor.rank > 0 && obligor.as !== 'guarantor' && on > suitByOf(protestedOn, instrument.payableAbroad)) return refuse('suit-time-barred');
  const against = stage.status === 'recourse' ? stage.against : [];
  if (against.includes(againstId)) return accept(instrument);
  return accept(
    { ...instrument, latestOn: on, stage: { status: 'recourse', protestedOn, against: [...against, againstId] } },
    RecourseDemanded.of({ ...recourseOf(instrument), againstId, amount: String(remainder(instrument)) }),
  );
};

/** One who was liable pays: those after him are free (272) and he holds the paper against those before him. */
export const payRecourse = (instrument: Instrument, by: PartyId, paymentId: string, on: Day): Answer<'not-in-recourse' | 'not-liable' | 'acceptor-pays-as-debtor' | 'antedated'> => {
  if (instrument.stage.status !== 'recourse') return refuse('not-in-recourse');
  const payer = obligorOf(instrument.obligors, by);
  if (payer === undefined || by === instrument.holderId) return refuse('not-liable');
  if (payer.as === 'acceptor') return refuse('acceptor-pays-as-debtor');
  if (on < instrument.latestOn) return refuse('antedated', { notBefore: instrument.latestOn });
  const { lien: _ended, ...free } = instrument;
  return accept(
    { ...free, holderId: by, obligors: afterPaymentBy(instrument.obligors, payer), latestOn: on, stage: { ...instrument.stage, against: [] } },
    RecoursePaid.of({ ...recourseOf(instrument), againstId: by, paymentId, amount: String(remainder(instrument)) }),
  );
};

/**
 * What is still unpaid: of what was accepted (less than the face where goods came back before the drawee signed), of the face while nobody has accepted.
 * Nobody on the paper owes more than that; what was not accepted was taken off the debt before.
 */
export const remainder = ({ face, acceptedAmount, paid }: Pick<Instrument, 'face' | 'acceptedAmount' | 'paid'>): Money => rials((acceptedAmount > 0n ? acceptedAmount : face) - paid);

export const answerByOf = (presentedAt: Instant): Instant => addHours(presentedAt, 24);

const isUnpaid = (status: Status): boolean => status === 'not-paid' || status === 'part-paid';

const isDue = (status: Status): boolean => isUnpaid(status) || ['matured', 'protested', 'notified', 'recourse', 'recourse-lost'].includes(status);

const refusedWith = (instrument: Instrument, reason: string, on: Day): Answer<never> =>
  accept({ ...instrument, latestOn: on, stage: { status: 'refused', on, reason } }, InstrumentRefused.of({ ...instrument.of, instrumentId: instrument.id, reason }));

const dated = (instrument: Instrument, on: Day, stage: Stage): Answer<'antedated'> =>
  on < instrument.latestOn ? refuse('antedated', { notBefore: instrument.latestOn }) : accept({ ...instrument, latestOn: on, stage });

const later = (a: Day, b: Day): Day => (a > b ? a : b);

const recourseOf = (instrument: Instrument) => ({ ...instrument.of, instrumentId: instrument.id, holderId: instrument.holderId, debtorId: instrument.draweeId });
