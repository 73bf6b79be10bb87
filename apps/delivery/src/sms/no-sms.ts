import type { Sms } from './sms.js';

/** No gateway: nobody is reached, so codes are read in the portal by the buyer's storekeeper. */
export const noSms = (): Sms => ({ reaches: () => false, send: notConfigured, sendMany: notConfigured });

const notConfigured = async (): Promise<never> => {
  throw new Error('No SMS gateway is configured: set DELIVERY_SMS');
};
