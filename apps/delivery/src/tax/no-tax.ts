import { TaxSystem } from './tax-system.js';

/** No tax system: invoices stay as not sent, and nobody waits for it. */
export class NoTax extends TaxSystem {
  override readonly connected = false;

  sendMany = notConfigured;
  news = notConfigured;
  react = notConfigured;
}

async function notConfigured(): Promise<never> {
  throw new Error('No tax system is configured: set DELIVERY_TAX');
}
