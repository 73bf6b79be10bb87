import { Body, Controller, Post } from '@nestjs/common';
import { refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, Code, done, refusalTable, Replies, reply, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { saveContact } from '../store/reference.store.js';

export class RecordContactBody {
  @Uuid({ description: 'Store or distribution centre' }) placeId: string;
  @Code({ pattern: /^(\+98|0)9\d{9}$/, description: 'Mobile phone of the storekeeper', example: '09121234567' }) phone: string;
  @Uuid({ optional: true, description: 'The network, when an operator records for it' }) networkId?: string;
}

const refusals = refusalTable({
  'network-missing': [422, 'نگفته‌اید تماس از آنِ کدام شبکه است. networkId را بفرستید.', 'It is not said whose contact this is. Send networkId.'],
});

/** Whose phone gets the one-time receipt code of goods for a place. Never in a fact: it stays in this table. */
@Controller('api/delivery/contacts')
export class RecordContactHttp {
  constructor(private readonly source: Source) {}

  @Post() @Allow('buyer', 'storekeeper', 'producer', 'operator') @Replies(z.object({ placeId: reply.uuid }), { refusals }) record(@Body() { placeId, phone, networkId }: RecordContactBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const operator = caller.roles.includes('operator');
      if (operator && networkId === undefined) return refuse('network-missing');
      await saveContact(tx, { networkId: operator ? (networkId ?? '') : caller.party, placeId, phone: phone.replace(/^0/, '+98') });
      return done({ placeId });
    });
  }
}
