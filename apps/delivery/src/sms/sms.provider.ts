import type { FactoryProvider } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { DeliveryConfig } from '../delivery.config.js';
import { fileSms } from './file-sms.js';
import { noSms } from './no-sms.js';
import { simulatedSms } from './simulated-sms.js';
import { Sms } from './sms.js';

/** The adapter that the configuration names. */
export const smsProvider: FactoryProvider<Sms> = {
  provide: Sms,
  inject: [DeliveryConfig, Source],
  useFactory: ({ sms }: DeliveryConfig, source: Source): Sms => {
    switch (sms.kind) {
      case 'file': return fileSms(sms.path);
      case 'simulator': return simulatedSms(source);
      case 'none': return noSms();
    }
  },
};
