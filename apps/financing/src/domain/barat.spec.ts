import { describe, expect, it } from '@jest/globals';
import { addDays, addHours, day, rials, type Day, type PartyId } from '@peyvand/kernel';
import fc from 'fast-check';
import {
  acceptPaper, demandRecourse, discountableFrom, dishonour, draw, endorse, guarantee, lapsePresentment, loseRecourse, mature, notify, pay, payRecourse, pledge, present, protest,
  protestRefusal, refusePaper, remainder, statuses, type Draw, type Instrument, type Status,
} from './barat.js';
import {
  acceptance, accepted, acceptedPaper, bankA, bankB, bidUntil, buyer, drawing, drawn, drawnOn, endorsedTo, face, factsOf, guarantor, holidays, ids, maturity, noon, paperAt, party, presented,
  reasonOf, recourseTaken, seller, stranger, supplier,
} from './examples.js';
import type { Form } from './instrument-form.js';
import type { Obligor } from './liability.js';

const late = addDays(maturity, 20);

/** Each command with an input that is right for it, and the statuses in which it is taken. */
const commands: Readonly<Record<string, { readonly run: (paper: Instrument) => { readonly ok: boolean }; readonly from: readonly Status[] }>> = {
  present: { run: (i) => present(i, noon(drawnOn)), from: ['drawn'] },
  accept: { run: (i) => acceptPaper(i, acceptance), from: ['presented'] },
  refuse: { run: (i) => refusePaper(i, buyer, 'quality', drawnOn), from: ['presented'] },
  lapse: { run: (i) => lapsePresentment(i, noon(addDays(drawnOn, 1))), from: ['presented'] },
  'protest the refusal': { run: (i) => protestRefusal(i, late), from: ['refused'] },
  guarantee: { run: (i) => guarantee(i, guarantor, buyer, drawnOn), from: ['accepted'] },
  pledge: { run: (i) => pledge(i, 'pledged', stranger), from: ['accepted'] },
  endorse: { run: (i) => endorse(i, { by: i.holderId, toId: supplier, on: drawnOn, purpose: 'payment-to-supplier' }), from: ['accepted'] },
  mature: { run: (i) => mature(i, maturity, holidays), from: ['accepted'] },
  pay: { run: (i) => pay(i, rials(1), late), from: ['matured', 'part-paid', 'not-paid', 'protested', 'notified', 'recourse', 'recourse-lost'] },
  dishonour: { run: (i) => dishonour(i, 'insufficient-funds', maturity), from: ['matured'] },
  protest: { run: (i) => protest(i, addDays(maturity, 10), holidays), from: ['part-paid', 'not-paid'] },
  'lose recourse': { run: (i) => loseRecourse(i, late, holidays), from: ['matured', 'part-paid', 'not-paid'] },
  notify: { run: (i) => notify(i, late), from: ['protested', 'notified'] },
  'demand recourse': { run: (i) => demandRecourse({ ...i, holderId: bankA }, seller, late), from: ['refusal-protested', 'protested', 'notified', 'recourse'] },
  'pay recourse': { run: (i) => payRecourse(i, seller, ids.payment, late), from: ['recourse'] },
};

describe('every command in every status', () => {
  for (const [name, { run, from }] of Object.entries(commands))
    it.each(statuses)(`${name} when %s`, (status) => expect(run(paperAt(status)).ok).toBe(from.includes(status)));

  it('every declared status is reached', () => expect(statuses.map((status) => paperAt(status).stage.status)).toEqual([...statuses]));
});

describe('drawing', () => {
  it('makes paper of the approved amount, with its fact', () => {
    const decision = draw(drawing());
    expect(factsOf(decision)).toEqual(['InstrumentDrawn']);
    expect(accepted(decision)).toMatchObject({ face, holderId: seller, drawerId: seller, draweeId: buyer, stage: { status: 'drawn' } });
  });

  const electronic = { scheme: 'general', draweeId: bankA } as const;
  it.each<readonly [string, Partial<Draw>, Partial<Form>, string]>([
    ['without a pay place', {}, { payPlace: undefined } as never, 'not-a-commercial-bill'],
    ['without its name', {}, { named: false }, 'not-named'],
    ['for nothing', {}, { amount: { words: [rials(0)] } }, 'not-a-commercial-bill'],
    ['on another drawee', {}, { draweeId: bankA }, 'roles-differ'],
    ['for another payee', {}, { payeeId: supplier }, 'roles-differ'],
    ['of the chain scheme without its bank', { scheme: 'chain' }, {}, 'drawee-not-named'],
    ['before the approval', { approved: { amount: face, on: addDays(drawnOn, 1) } }, {}, 'invoice-not-approved'],
    ['for one rial more than approved', {}, { amount: { words: [rials(face + 1n)] } }, 'face-differs-from-approved'],
    ['due on its own day', {}, { maturity: drawnOn }, 'maturity-before-date'],
    ['electronic, of less than a month', electronic, { draweeId: bankA, maturity: addDays(drawnOn, 29) }, 'tenor-not-allowed'],
    ['electronic, of more than a year', electronic, { draweeId: bankA, maturity: addDays(drawnOn, 367) }, 'tenor-not-allowed'],
    ['electronic, of 90 days', electronic, { draweeId: bankA }, 'accepted'],
    ['with order, before any invoice', { approved: undefined } as never, {}, 'accepted'],
    ['in words once too few: the smaller counts', {}, { amount: { words: [rials(face + 5n), face], digits: rials(7) } }, 'accepted'],
  ])('%s', (_, changes, form, outcome) => expect(reasonOf(draw(drawing(changes, form)))).toBe(outcome));
});

describe('acceptance', () => {
  it('binds the drawee and lets funders bid', () => {
    const decision = acceptPaper(presented(), acceptance);
    expect(factsOf(decision)).toEqual(['InstrumentAccepted']);
    expect(accepted(decision).obligors.map(({ as, partyId }) => [as, partyId])).toEqual([['acceptor', buyer], ['drawer', seller]]);
  });

  it('on a condition is a refusal (233)', () => {
    const decision = acceptPaper(presented(), { ...acceptance, condition: 'after the return of 10 pairs' });
    expect(factsOf(decision)).toEqual(['InstrumentRefused']);
    expect(accepted(decision).stage).toMatchObject({ status: 'refused', reason: 'conditional-acceptance' });
  });

  it('of a part binds for that part (232)', () => {
    const part = accepted(acceptPaper(presented(), { ...acceptance, amount: rials(1_000) }));
    expect([part.acceptedAmount, part.face]).toEqual([1_000n, face]);
    const due = accepted(mature(part, maturity, holidays));
    expect(remainder(due)).toBe(1_000n);
    expect(accepted(pay(due, rials(1_000), maturity)).stage.status).toBe('paid');
  });

  const early = () => accepted(present({ ...drawn(), approvedOn: addDays(drawnOn, 2) }, noon(drawnOn)));
  it.each([
    ['by another', presented, { by: seller }, 'not-the-drawee'],
    ['antedated (248)', presented, { on: addDays(drawnOn, -1) }, 'antedated'],
    ['after the 24 hours', presented, { on: addDays(drawnOn, 2) }, 'answer-too-late'],
    ['of more than the face', presented, { amount: rials(face + 1n) }, 'amount-out-of-range'],
    ['of nothing', presented, { amount: rials(0) }, 'amount-out-of-range'],
    ['before the invoice is approved', early, { on: addDays(drawnOn, 1) }, 'invoice-not-approved'],
    ['before any approval, where the terms say with order', () => ({ ...early(), withOrder: true }), {}, 'accepted'],
    ['of a part of a safte', () => ({ ...presented(), kind: 'safte' as const }), { amount: rials(1) }, 'promise-is-whole'],
  ])('%s', (_, paper, changes, outcome) => expect(reasonOf(acceptPaper(paper(), { ...acceptance, ...changes }))).toBe(outcome));

  it('no answer within 24 hours is a refusal, and not an hour earlier', () => {
    expect(reasonOf(lapsePresentment(presented(), addHours(noon(drawnOn), 23)))).toBe('still-in-time');
    expect(factsOf(lapsePresentment(presented(), addHours(noon(drawnOn), 24)))).toEqual(['InstrumentRefused']);
  });

  it('cannot be taken back (231)', () => {
    for (const status of statuses.filter((s) => s !== 'presented')) expect(reasonOf(refusePaper(paperAt(status), buyer, 'regret', late))).toBe('not-presented');
  });

  it('a safte binds its maker from his signature, and nobody before', () => {
    const promise = accepted(draw(drawing({ kind: 'safte' }, { draweeId: undefined } as never)));
    expect(promise.obligors).toEqual([]);
    expect(accepted(acceptPaper(accepted(present(promise, noon(drawnOn))), acceptance)).obligors).toEqual([{ partyId: buyer, as: 'acceptor', rank: 0 }]);
  });
});

describe('endorsement', () => {
  const to = (toId: PartyId, changes: Partial<Parameters<typeof endorse>[1]> = {}) => ({ by: seller, toId, on: drawnOn, purpose: 'payment-to-supplier' as const, ...changes });
  const pledged = () => accepted(pledge(acceptedPaper(), 'financed', bankA));
  it.each([
    ['by the holder', acceptedPaper, to(supplier), 'accepted'],
    ['by another', acceptedPaper, to(supplier, { by: bankA }), 'not-the-holder'],
    ['to oneself', acceptedPaper, to(seller), 'already-the-holder'],
    ['antedated (248)', acceptedPaper, to(supplier, { on: addDays(drawnOn, -1) }), 'antedated'],
    ['after maturity', acceptedPaper, to(supplier, { on: addDays(maturity, 1) }), 'after-maturity'],
    ['to a supplier while a funder is buying', pledged, to(supplier), 'under-lien'],
    ['to another funder while one is buying', pledged, to(bankB, { purpose: 'debt-purchase' }), 'under-lien'],
    ['to the funder that is buying', pledged, to(bankA, { purpose: 'debt-purchase' }), 'accepted'],
    ['onward by the funder that bought it', () => endorsedTo(pledged(), bankA, drawnOn, 'debt-purchase'), to(bankB, { by: bankA }), 'under-lien'],
    ['back to the seller by the funder', () => endorsedTo(pledged(), bankA, drawnOn, 'debt-purchase'), to(seller, { by: bankA, purpose: 'return' }), 'accepted'],
    ['back to one who never held it', () => endorsedTo(pledged(), bankA, drawnOn, 'debt-purchase'), to(supplier, { by: bankA, purpose: 'return' }), 'never-held-it'],
    ['while pledged', () => accepted(pledge(acceptedPaper(), 'pledged', bankA)), to(bankA, { purpose: 'debt-purchase' }), 'under-lien'],
  ])('%s', (_, paper, command, outcome) => expect(reasonOf(endorse(paper(), command))).toBe(outcome));

  it('a paper under lien takes no second one', () => {
    expect(reasonOf(pledge(pledged(), 'financed', bankB))).toBe('already-under-lien');
    expect(accepted(pledge(pledged(), 'financed', bankA))).toEqual(pledged());
  });

  it('after a return nobody but those before is liable, and it can be sold again', () => {
    const back = endorsedTo(endorsedTo(pledged(), bankA, drawnOn, 'debt-purchase'), seller, drawnOn, 'return');
    expect([back.holderId, back.obligors, back.lien]).toEqual([seller, acceptedPaper().obligors, undefined]);
    expect(reasonOf(pledge(back, 'financed', bankB))).toBe('accepted');
  });

  it('electronic paper of 180 days is sold from its 45th day on', () => {
    const paper = { ...acceptedPaper(), scheme: 'general' as const, drawnOn: day('2026-03-21'), maturity: day('2026-09-17'), latestOn: day('2026-03-21') };
    expect(discountableFrom(paper)).toBe('2026-05-05');
    const sell = (on: Day) => reasonOf(endorse(paper, to(bankA, { on, purpose: 'debt-purchase' })));
    expect([sell(day('2026-05-04')), sell(day('2026-05-05'))]).toEqual(['too-early-for-electronic', 'accepted']);
    expect(reasonOf(endorse(paper, to(supplier, { on: day('2026-03-22') })))).toBe('accepted');
  });
});

describe('payment and protest', () => {
  it('a part discharges that part, the rest is protested (268)', () => {
    const part = paperAt('part-paid');
    expect(remainder(part)).toBe(face - 1_000_000_000n);
    const claimed = demandRecourse(accepted(protest(part, addDays(maturity, 1), holidays)), seller, addDays(maturity, 2));
    expect(claimed.ok && claimed.events[0]?.data).toMatchObject({ amount: String(face - 1_000_000_000n), againstId: seller });
    expect(reasonOf(pay(part, rials(remainder(part) + 1n), maturity))).toBe('amount-out-of-range');
    expect(accepted(pay(part, remainder(part), maturity)).stage.status).toBe('paid');
  });

  it.each([
    ['the day it was not paid', 0, 'accepted'],
    ['the tenth day', 10, 'accepted'],
    ['the eleventh', 11, 'protest-too-late'],
  ])('protest on %s', (_, days, outcome) => {
    const on = addDays(maturity, days);
    expect(reasonOf(protest(paperAt('not-paid'), on, holidays))).toBe(outcome);
    expect(reasonOf(loseRecourse(paperAt('not-paid'), on, holidays))).toBe(outcome === 'accepted' ? 'still-in-time' : 'accepted');
  });

  it('without it only the acceptor and his guarantor owe', () => {
    const guaranteed = accepted(guarantee(accepted(guarantee(paperAt('accepted'), guarantor, buyer, drawnOn)), stranger, seller, drawnOn));
    const lost = accepted(loseRecourse(accepted(mature(guaranteed, maturity, holidays)), addDays(maturity, 11), holidays));
    expect(lost.obligors.map(({ partyId }) => partyId)).toEqual([buyer, guarantor]);
    expect(accepted(pay(lost, face, addDays(maturity, 30))).stage.status).toBe('paid');
  });

  it('a suit against endorsers is barred after a year, against acceptor and guarantors it is not (286, ruling 597)', () => {
    const guaranteed = accepted(guarantee(paperAt('accepted'), guarantor, seller, drawnOn));
    const protested = accepted(protest(accepted(dishonour(accepted(mature(guaranteed, maturity, holidays)), 'no-funds', maturity)), maturity, holidays));
    const afterYear = day('2027-12-13');
    expect(reasonOf(demandRecourse(protested, seller, day('2027-12-12')))).toBe('accepted');
    expect(reasonOf(demandRecourse(protested, seller, afterYear))).toBe('suit-time-barred');
    expect(reasonOf(demandRecourse(protested, guarantor, afterYear))).toBe('accepted');
    expect(reasonOf(demandRecourse(protested, buyer, afterYear))).toBe('accepted');
    expect(reasonOf(demandRecourse({ ...protested, payableAbroad: true }, seller, afterYear))).toBe('accepted');
  });

  it('recourse is demanded of each once, and never of strangers or of the holder', () => {
    expect(factsOf(demandRecourse(paperAt('recourse'), seller, late))).toEqual([]);
    expect(reasonOf(demandRecourse(paperAt('protested'), stranger, late))).toBe('not-liable');
    expect(reasonOf(demandRecourse(paperAt('protested'), bankA, late))).toBe('not-liable');
    expect(reasonOf(payRecourse(paperAt('recourse'), buyer, ids.payment, late))).toBe('acceptor-pays-as-debtor');
  });

  it('the seller who pays holds the paper against the acceptor alone, who then pays him', () => {
    const held = recourseTaken(paperAt('protested'), seller);
    expect([held.holderId, held.obligors.map(({ as }) => as), held.lien]).toEqual([seller, ['acceptor'], undefined]);
    expect(accepted(pay(held, face, held.latestOn)).stage.status).toBe('paid');
  });
});

/** Paper that went through k hands after the drawer, each of the named places guaranteed. */
const chain = (k: number, guaranteed: readonly number[]): Instrument => {
  let paper = acceptedPaper();
  for (let i = 1; i <= k; i += 1) paper = endorsedTo(paper, party(i));
  for (const j of guaranteed) {
    const principal = j === 0 ? buyer : j === 1 ? seller : party(j - 1);
    const rank = j === 1 ? 1 : j;
    if (paper.obligors.some((o) => o.rank === rank && o.as !== 'guarantor' && o.partyId === principal)) paper = accepted(guarantee(paper, party(500 + j), principal, drawnOn));
  }
  return paper;
};

const protestedChain = (k: number, guaranteed: readonly number[]): Instrument =>
  accepted(protest(accepted(dishonour(accepted(mature(chain(k, guaranteed), maturity, holidays)), 'no-funds', maturity)), maturity, holidays));

const key = ({ as, rank, partyId }: Obligor): string => `${as}/${rank}/${partyId}`;

describe('liability, for any chain', () => {
  const chains = fc.record({ k: fc.integer({ min: 1, max: 8 }), guaranteed: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 5 }) });

  it('after k endorsements: acceptor, drawer, k endorsers, and each guarantor tied to one of them (249)', () => {
    fc.assert(
      fc.property(chains, ({ k, guaranteed }) => {
        const { obligors } = chain(k, guaranteed);
        const count = (as: Obligor['as']) => obligors.filter((o) => o.as === as).length;
        expect([count('acceptor'), count('drawer'), count('endorser')]).toEqual([1, 1, k]);
        expect(obligors.filter((o) => o.as === 'endorser').map((o) => o.rank)).toEqual(Array.from({ length: k }, (_, i) => i + 2));
        for (const g of obligors.filter((o) => o.as === 'guarantor')) expect(obligors.filter((o) => o.rank === g.rank && o.as !== 'guarantor').length).toBe(1);
      }),
    );
  });

  it('payment by the endorser at place j frees exactly those from j on, and he claims against those before (272)', () => {
    fc.assert(
      fc.property(chains, fc.nat(), ({ k, guaranteed }, pick) => {
        const paper = protestedChain(k, guaranteed);
        // The seller is drawer too; the endorsers after him are other persons.
        const payers = paper.obligors.filter((o) => o.as === 'endorser' && o.rank > 2);
        const payer = payers[pick % Math.max(1, payers.length)];
        if (payer === undefined) return;
        const after = recourseTaken(paper, payer.partyId);
        expect(after.holderId).toBe(payer.partyId);
        expect(after.obligors.map(key)).toEqual(paper.obligors.filter((o) => o.rank < payer.rank).map(key));
      }),
    );
  });

  it('payment by a guarantor leaves his principal and those before bound to him', () => {
    fc.assert(
      fc.property(chains, ({ k, guaranteed }) => {
        const paper = protestedChain(k, guaranteed);
        for (const payer of paper.obligors.filter((o) => o.as === 'guarantor')) {
          const after = recourseTaken(paper, payer.partyId);
          expect(after.obligors.map(key)).toEqual(paper.obligors.filter((o) => o.rank < payer.rank || (o.rank === payer.rank && o.as !== 'guarantor')).map(key));
        }
      }),
    );
  });

  it('recourse runs up the chain until the acceptor alone is left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), (k) => {
        let paper = protestedChain(k, []);
        for (let hops = 0; ; hops += 1) {
          const next = paper.obligors.filter((o) => o.as !== 'acceptor').at(-1);
          if (next === undefined) break;
          expect(hops).toBeLessThanOrEqual(k);
          paper = recourseTaken(paper, next.partyId);
        }
        expect([paper.holderId, paper.obligors.map(({ partyId }) => partyId)]).toEqual([seller, [buyer]]);
      }),
    );
  });
});

it('no sequence of commands breaks the paper: one holder, days never run back, paid never passes the face, a lien holds it still', () => {
  const parties = [buyer, seller, bankA, bankB, supplier, guarantor];
  const names = ['present', 'accept', 'endorse', 'return', 'pledge', 'guarantee', 'mature', 'pay', 'dishonour', 'protest', 'lose', 'notify', 'demand', 'recourse'] as const;
  const step = fc.record({ name: fc.constantFrom(...names), who: fc.constantFrom(...parties), days: fc.integer({ min: -1, max: 40 }), amount: fc.integer({ min: 1, max: 3 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let paper = drawn();
      for (const { name, who, days, amount } of steps) {
        const on = addDays(paper.latestOn, days);
        const before = paper;
        const run = {
          present: () => present(paper, noon(on)),
          accept: () => acceptPaper(paper, { by: who, on, bidUntil, funderIds: [] }),
          endorse: () => endorse(paper, { by: paper.holderId, toId: who, on, purpose: 'payment-to-supplier' }),
          return: () => endorse(paper, { by: paper.holderId, toId: who, on, purpose: 'return' }),
          pledge: () => pledge(paper, 'pledged', who),
          guarantee: () => guarantee(paper, who, buyer, on),
          mature: () => mature(paper, maturity, holidays),
          pay: () => pay(paper, rials((face * BigInt(amount)) / 3n), on),
          dishonour: () => dishonour(paper, 'no-funds', on),
          protest: () => protest(paper, on, holidays),
          lose: () => loseRecourse(paper, on, holidays),
          notify: () => notify(paper, on),
          demand: () => demandRecourse(paper, who, on),
          recourse: () => payRecourse(paper, who, ids.payment, on),
        }[name]();
        if (!run.ok) continue;
        paper = run.state;
        expect(paper.latestOn >= before.latestOn).toBe(true);
        expect(paper.paid >= before.paid && paper.paid <= paper.face).toBe(true);
        expect(paper.stage.status === 'paid').toBe(paper.paid === paper.face);
        if (before.lien !== undefined && name === 'endorse') expect(paper.holderId).toBe(before.holderId);
        expect(paper.obligors.some((o) => o.partyId === paper.holderId && o.rank > 1 && name === 'recourse')).toBe(false);
      }
    }),
  );
});
