import { Body, Controller, Get, Put } from '@nestjs/common';
import { Allow, OneOf, Uuids, Whole } from '@peyvand/platform';
import { SimulatedBank, type Mood } from '../ports/simulated-bank.js';

export class MoodBody {
  @OneOf(['ok', 'refuse', 'slow', 'twice'], { optional: true }) payments?: Mood['payments'];
  @Whole({ optional: true, max: 60_000 }) delayMs?: number;
  @Uuids({ optional: true, max: 100, description: 'Debtors whose account is empty' }) refuseCollectionFrom?: string[];
  @Uuids({ optional: true, max: 100 }) refuseAccountsOf?: string[];
}

/** How the simulated bank behaves. There is no such route where the bank is real. */
@Controller('api/financing/demo/bank')
export class DemoBankHttp {
  constructor(private readonly bank: SimulatedBank) {}

  @Get()
  @Allow('operator')
  mood() {
    return this.bank.mood();
  }

  @Put()
  @Allow('operator')
  change(@Body() body: MoodBody) {
    return this.bank.setMood(Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)));
  }
}
