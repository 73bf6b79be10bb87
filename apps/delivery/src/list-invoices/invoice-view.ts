import type { StoredInvoice } from '../store/invoice.store.js';

/** An invoice as the API shows it. Who checked and approved stays inside: subjects are persons. */
export const invoiceView = ({ invoice, version }: StoredInvoice) => {
  const { id, ...paper } = { ...invoice, checkedBy: undefined, approvedBy: undefined };
  return { invoiceId: id, ...paper, version };
};
