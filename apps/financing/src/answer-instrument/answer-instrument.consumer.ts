import { Controller } from '@nestjs/common';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { lapseInstrument } from './refuse-instrument.js';

@Controller()
export class AnswerTimeUp {
  @OnDeadline('financing/answer-by')
  async lapse({ key: instrumentId }: Due, tx: Tx): Promise<void> {
    // Answered in the meantime is no error: the deadline simply came second.
    const lapsed = await lapseInstrument(tx, instrumentId);
    if (!lapsed.ok && lapsed.reason === 'still-in-time') throw new Error(`Paper ${instrumentId} lapsed before its time`);
  }
}
