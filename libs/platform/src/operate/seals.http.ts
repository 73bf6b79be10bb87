import { Controller, Get, Query, type Type } from '@nestjs/common';
import { hashOfSeal, sealsAfter, Source } from '@peyvand/messaging';
import { z } from 'zod';
import { Caller } from '../auth/caller.js';
import { SignedIn } from '../auth/roles.js';
import { page } from '../http/answer.js';
import { Whole } from '../http/fields.js';
import { pageOf, Replies } from '../http/replies.js';
import { reply } from '../http/reply-words.js';
import { read } from '../http/write.js';
import { Running } from '../running.js';

class SealsQuery {
  @Whole({ min: 0, max: Number.MAX_SAFE_INTEGER, optional: true, description: 'Only seals with a higher number; 0 when left out' }) after?: number;
  @Whole({ min: 1, max: 1_000, optional: true, description: '100 when left out' }) limit?: number;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/).describe('SHA-256 in hexadecimal');
const SealReply = z.object({
  service: reply.text, number: reply.whole, time: reply.moment, count: reply.whole.describe('How many facts'), root: hash, previous: hash, hash,
  key: reply.text.optional().describe('The fingerprint of the key that signed'), signature: reply.text.optional().describe('Ed25519 over the statement, base64'),
});
const KeyReply = z.object({ key: reply.text, publicKey: reply.text.describe('PEM') });

/**
 * The chain of seals over a service's facts, for whoever wants to keep its end: a chain that is made anew no longer agrees with what they
 * kept. A seal tells how many facts were told, never which. Every service has these routes under its own path.
 */
export const sealsHttpOf = (service: string): Type => {
  @Controller(`api/${service}/seals`)
  @SignedIn()
  class SealsHttp {
    constructor(private readonly source: Source, private readonly running: Running) {}

    @Get()
    @Replies(pageOf(SealReply))
    list(@Query() { after = 0, limit = 100 }: SealsQuery, @Caller() caller: Caller) {
      return read(this.source, caller, async (tx) => page((await sealsAfter(tx, service, after, limit)).map((seal) => ({ ...seal, hash: hashOfSeal(seal) })), undefined));
    }

    /** The key this process signs with; 404 where it has none. */
    @Get('key')
    @Replies(KeyReply)
    key(@Caller() caller: Caller) {
      const key = this.running.config.sealKeyOf(service);
      return read(this.source, caller, async () => (key === undefined ? undefined : { key: key.fingerprint, publicKey: key.publicPem }));
    }
  }
  return SealsHttp;
};
