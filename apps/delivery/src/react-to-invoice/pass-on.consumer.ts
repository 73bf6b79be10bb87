import { Controller } from '@nestjs/common';
import { OnErrand, type Due } from '@peyvand/messaging';
import { TaxSystem, type BuyersReaction } from '../tax/tax-system.js';

export const passOn = 'delivery/tax-reaction';

@Controller()
export class PassOnReaction {
  constructor(private readonly tax: TaxSystem) {}

  /** The tax system hears the buyer's word from us; what it makes of it comes back as news. */
  @OnErrand(passOn)
  async pass({ data }: Due<BuyersReaction>): Promise<() => Promise<void>> {
    await this.tax.react(data);
    return async () => {};
  }
}
