import { formatJalali } from '@peyvand/kernel';
import type { Locale } from '@peyvand/platform';
import type { Invoice } from '../domain/invoice.js';
import type { TaxDocument } from '../domain/tax-document.js';
import { taxView } from './tax-view.js';

type Taxed = Invoice & { readonly document: TaxDocument | undefined };
type Column = { readonly fa: string; readonly en: string; readonly of: (invoice: Taxed, locale: Locale) => string };

const statuses: Readonly<Record<Invoice['status'], string>> = { matched: 'تطبیق‌شده', discrepant: 'دارای مغایرت', checked: 'بررسی‌شده', approved: 'تأییدشده', replaced: 'جایگزین‌شده' };

const columns: readonly Column[] = [
  { fa: 'شمارهٔ صورتحساب', en: 'invoiceNumber', of: (invoice) => invoice.invoiceNumber },
  { fa: 'شمارهٔ سفارش خرید', en: 'poNumber', of: (invoice) => invoice.poNumber },
  { fa: 'تاریخ صدور', en: 'issuedOn', of: ({ issuedOn }, locale) => (locale === 'fa' ? formatJalali(issuedOn) : issuedOn) },
  { fa: 'سررسید', en: 'dueOn', of: ({ dueOn }, locale) => (locale === 'fa' ? formatJalali(dueOn) : dueOn) },
  { fa: 'بهای کالا (ریال)', en: 'goods', of: (invoice) => String(invoice.goods) },
  { fa: 'مالیات بر ارزش افزوده (ریال)', en: 'vat', of: (invoice) => String(invoice.vat) },
  { fa: 'مبلغ کل (ریال)', en: 'gross', of: (invoice) => String(invoice.gross) },
  { fa: 'وضعیت', en: 'status', of: ({ status }, locale) => (locale === 'fa' ? statuses[status] : status) },
  { fa: 'شمارهٔ منحصربه‌فرد مالیاتی', en: 'taxId', of: ({ document }) => taxView(document).taxId ?? '' },
  { fa: 'وضعیت در سامانهٔ مؤدیان', en: 'tax', of: ({ document }, locale) => { const { tax } = taxView(document); return locale === 'fa' ? tax.text.fa : tax.state; } },
  { fa: 'شناسهٔ صورتحساب', en: 'invoiceId', of: (invoice) => invoice.id },
];

/** RFC 4180, with the mark that makes Excel read Persian; days are Jalali in Persian and Gregorian in English. */
export const invoicesCsv = (invoices: readonly Taxed[], locale: Locale): string =>
  `\ufeff${[columns.map((column) => column[locale]), ...invoices.map((invoice) => columns.map((column) => column.of(invoice, locale)))].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

/** A number somebody typed may begin like a formula; a spreadsheet must not run it. */
const cell = (text: string): string => {
  const plain = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};
