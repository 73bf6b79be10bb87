import { Controller } from '@nestjs/common';
import { InvoiceApproved, type DataOf, type Fact } from '@peyvand/contracts';
import { day, dayOf, newId, rials, type PartyId } from '@peyvand/kernel';
import { OnFacts, Poison, type Tx, type Deadline } from '@peyvand/messaging';
import type { CaseRef } from '../domain/case-ref.js';
import { goWithoutPaper, openCase } from '../domain/financing-case.js';
import { transfersOf } from '../domain/ledger.js';
import { carry } from '../domain/limit.js';
import { fingerprintOf, openReceivable } from '../domain/receivable.js';
import { payMomentOf } from '../financing.policy.js';
import { insertCases, type NewCase } from '../store/cases.store.js';
import { post } from '../store/ledger.store.js';
import { openCoverBook } from '../store/cover-book.js';
import { drawPaper } from '../draw-instrument/draw-instrument.js';
import { answerByOf } from '../domain/barat.js';
import { standingSales } from '../store/standing.store.js';
import { registerFingerprints } from '../store/fingerprints.store.js';
import { releaseComplete } from '../on-goods-received/release-complete.js';

type Approved = Fact<DataOf<typeof InvoiceApproved>>;

/** An approved invoice is a receivable: one owner, no lien, a day on which it is due. */
@Controller()
export class OnInvoiceApproved {
  @OnFacts(InvoiceApproved)
  async open(facts: Approved[], tx: Tx): Promise<void> {
    const known = new Set((await tx.sql<{ invoice_id: string }>('select invoice_id from cases where invoice_id = any($1::uuid[])', [facts.map((f) => f.data.invoiceId)])).map((row) => row.invoice_id));
    const fresh = facts.filter((fact) => !known.has(fact.data.invoiceId));
    if (fresh.length === 0) return;
    const free = new Set(await registerFingerprints(tx, fresh.map(fingerprint), dayOf(tx.now)));
    // An operator decides what becomes of an invoice that came before under another id, or that somebody says is financed elsewhere.
    const taken = fresh.find((fact) => !free.delete(fingerprint(fact)));
    if (taken !== undefined) throw new Poison(`Invoice ${taken.data.invoiceId} is registered already, or claimed to be financed elsewhere`);
    const book = await openCoverBook(tx, fresh.map((fact) => fact.data.matchId));
    const sales = await standingSales(tx, [...new Set(fresh.map((fact) => fact.data.sellerId))]);
    const files: NewCase[] = [];
    const deadlines: Deadline[] = [];
    for (const fact of fresh) {
      const opened = open(fact);
      // Where it cannot be drawn (no day is left to maturity, say) the seller may still try by hand.
      const drawn = sales.get(fact.data.sellerId)?.draw === 'on-approval' ? drawPaper(opened.file, tx.now) : undefined;
      files.push(drawn?.ok === true ? { ...opened.file, paper: drawn.state } : opened.file);
      await tx.publish(opened.events, fact);
      deadlines.push({ kind: 'financing/pay-day', key: opened.file.case.of.caseId, dueAt: payMomentOf(opened.file.case.dueOn, tx.now), cause: fact });
      if (drawn?.ok === true) {
        await tx.publish(drawn.events, fact);
        deadlines.push({ kind: 'financing/answer-by', key: drawn.state.id, dueAt: answerByOf(tx.now), cause: fact });
      }
      for (const covered of book.covered(fact.data.matchId)) {
        if (covered.reservation.for === 'purchase') continue;
        const used = carry(covered, opened.file.case.of.caseId, opened.file.case.face, dayOf(tx.now));
        if (used.ok) book.put(used.state);
      }
    }
    await insertCases(tx, files);
    await book.save(tx);
    await post(tx, files.flatMap(({ case: { of, face } }) => transfersOf({ kind: 'receivable-opened', id: of.caseId, caseId: of.caseId, debtorId: of.buyerId, ownerId: of.sellerId, amount: face })));
    await tx.schedule(deadlines);
    await releaseComplete(tx, fresh);
  }
}

const open = (fact: Approved) => {
  const { data } = fact;
  const of: CaseRef = { orderId: data.orderId, matchId: data.matchId, buyerId: data.buyerId as PartyId, sellerId: data.sellerId as PartyId, caseId: newId() };
  const face = rials(data.gross);
  const receivable = openReceivable(undefined, { of, invoiceId: data.invoiceId, shipmentId: data.shipmentId, fingerprint: fingerprint(fact), amount: face, terms: data.terms, dueOn: day(data.dueOn) });
  if (!receivable.ok) throw new Poison(`Invoice ${data.invoiceId} cannot become a receivable: ${receivable.reason}`);
  const opened = openCase({ of, invoiceId: data.invoiceId, shipmentId: data.shipmentId, face, dueOn: day(data.dueOn) });
  const onPaper = data.terms.instrument === 'barat' || data.terms.instrument === 'safte';
  const settled = onPaper ? undefined : goWithoutPaper(opened, 'no-paper');
  return { file: { case: settled?.ok === true ? settled.state : opened, receivable: receivable.state }, events: receivable.events };
};

const fingerprint = ({ data }: Approved): string =>
  fingerprintOf({ seller: data.sellerId, buyer: data.buyerId, number: data.invoiceNumber, amount: rials(data.gross), issuedOn: day(data.issuedOn) });
