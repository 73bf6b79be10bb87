// Rials: limits, receivables, payments and the ledger.

export const balanced = {
  name: 'the ledger is at zero, and every settled case is', unit: 'transfers',
  check: async ({ platform }) => {
    const accounts = `select debit_party as party, debit_case as case_id, debit_kind as kind, amount from transfers union all select credit_party, credit_case, credit_kind, -amount from transfers`;
    const [{ n, sum }] = await platform.query('financing', `select (select count(*)::int from transfers) as n, coalesce(sum(amount), 0)::text as sum from (${accounts}) a`);
    const left = await platform.query('financing', `
      select a.party, a.case_id, a.kind, sum(a.amount)::text as balance from (${accounts}) a join cases c using (case_id)
      where c.status = 'settled' and a.kind in ('claim', 'overdue', 'debt', 'transit') group by 1, 2, 3 having sum(a.amount) <> 0 limit 20`);
    return { looked: n, broken: [...(sum === '0' ? [] : [{ sum }]), ...left] };
  },
};

export const oneClaim = {
  name: 'a receivable has one case and at most one active claim', unit: 'receivables',
  check: async ({ platform }) => {
    const [{ n }] = await platform.query('financing', 'select count(*)::int as n from cases');
    const liens = await platform.query('financing', `select case_id, count(*)::int as claims from liens where active group by 1 having count(*) > 1`);
    const twice = await platform.query('financing', 'select fingerprint, count(*)::int as cases from cases group by 1 having count(*) > 1');
    const approved = (await platform.query('delivery', `select data ->> 'invoiceId' as id from facts where type = 'ir.peyvand.delivery.InvoiceApproved.v1'`)).map(({ id }) => id);
    const opened = new Set((await platform.query('financing', 'select invoice_id from cases')).map(({ invoice_id: id }) => id));
    return { looked: n, broken: [...liens, ...twice, ...approved.filter((id) => !opened.has(id)).map((id) => ({ 'approved invoice without a case': id })), ...(opened.size > approved.length ? [{ cases: opened.size, approved: approved.length }] : [])] };
  },
};

export const limitsHold = {
  name: 'what is taken of a limit is what its reservations hold, and no more than was granted', unit: 'limits',
  check: async ({ platform }) => {
    const limits = await platform.query('financing', `
      select l.limit_id, l.amount::text as amount, l.taken::text as taken, coalesce(sum(r.unused + coalesce((select sum((u.value ->> 'rial')::numeric) from jsonb_each(r.uses) u), 0)), 0)::text as held
      from limits l left join reservations r using (limit_id) group by l.limit_id`);
    return { looked: limits.length, broken: limits.filter(({ amount, taken, held }) => taken !== held || BigInt(taken) > BigInt(amount)) };
  },
};

export const paidOnce = {
  name: 'the bank moved each payment once, and the books say what the bank did', unit: 'payments',
  check: async ({ platform }) => {
    const payments = await platform.query('financing', `
      select p.payment_id, p.case_id, p.purpose, p.state, b.answer ->> 'outcome' as bank, (select count(distinct t.happening_id)::int from transfers t where t.happening_id = p.payment_id::text) as posted
      from payments p left join simulated_bank_book b using (payment_id)`);
    const broken = payments.filter(({ state, bank }) => (state === 'done') !== (bank === 'done') && !(state === 'asked'));
    const twice = await platform.query('financing', `select case_id, purpose, count(*)::int as times from payments where state = 'done' and purpose <> 'recourse' group by 1, 2 having count(*) > 1`);
    return { looked: payments.length, broken: [...broken, ...twice] };
  },
};
