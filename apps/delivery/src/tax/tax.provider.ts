import type { FactoryProvider } from '@nestjs/common';
import { DeliveryConfig } from '../delivery.config.js';
import { FileTax } from './file-tax.js';
import { NoTax } from './no-tax.js';
import { SimulatedTax } from './simulated-tax.js';
import { TaxSystem } from './tax-system.js';

/** The adapter that the configuration names. */
export const taxProvider: FactoryProvider<TaxSystem> = {
  provide: TaxSystem,
  inject: [DeliveryConfig, SimulatedTax],
  useFactory: ({ tax }: DeliveryConfig, simulated: SimulatedTax): TaxSystem => {
    switch (tax.kind) {
      case 'file': return new FileTax(tax.folder);
      case 'simulator': return simulated;
      case 'none': return new NoTax();
    }
  },
};
