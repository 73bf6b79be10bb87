import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { newId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, Code, done, Flag, page, pageOf, read, refusalTable, Replies, reply, Text, Texts, Uuid, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import { buyerRoles, type Buyer, type BuyerRole } from '../domain/buyer.js';
import { networkNotFound } from '../refusals.js';
import { listBuyers } from '../store/buyer.store.js';
import { change, name } from './name-buyer.js';

export class NameBuyerBody {
  @Uuid({ optional: true }) id?: string;
  @Uuid({ optional: true, description: 'Only the operator says for which network; others act for their own' }) networkId?: string;
  @Text({ max: 255, description: '`sub` of the person at the identity provider' }) subject: string;
  @Text({ max: 120 }) name: string;
  @Code({ pattern: /^\+?\d{8,15}$/, optional: true }) phone?: string;
  @Texts({ min: 1, max: 4, length: 20 }) roles: string[];
}

export class ChangeBuyerBody {
  @Text({ max: 120, optional: true }) name?: string;
  @Code({ pattern: /^\+?\d{8,15}$/, optional: true }) phone?: string;
  @Texts({ min: 1, max: 4, length: 20, optional: true }) roles?: string[];
  @Flag({ optional: true }) active?: boolean;
  @Whole({ min: 1, optional: true, description: 'The version you looked at' }) version?: number;
}

export class BuyersQuery {
  @Uuid({ optional: true, description: 'For the operator' }) networkId?: string;
}

const Person = z.object({
  buyerId: reply.uuid, networkId: reply.uuid, subject: reply.text.describe('`sub` of the person at the identity provider'), name: reply.text, phone: reply.text.optional(),
  roles: z.array(z.enum(buyerRoles)), active: reply.flag, version: reply.whole,
}).meta({ id: 'Buyer' });

const refusals = refusalTable({
  'network-not-found': networkNotFound,
  'buyer-exists': [409, 'این شخص پیش‌تر برای این شبکه ثبت شده است. نقش‌هایش را همان‌جا تغییر دهید.', 'This person is registered for this network already. Change the roles there.'],
  'buyer-not-found': [404, 'شبکهٔ شما چنین شخصی ندارد. شناسه را بازبینی کنید.', 'Your network has no such person. Check the id.'],
  'buyer-changed-meanwhile': [409, 'این شخص در این میان تغییر کرده است. دوباره بخوانید و تصمیم بگیرید.', 'This person has changed in the meantime. Read again and decide.'],
  'own-roles': [403, 'هیچ‌کس نقش خود را تعیین نمی‌کند. از تأییدکنندهٔ دیگری یا گرداننده بخواهید.', 'Nobody sets their own roles. Ask another approver or the operator.'],
  'role-unknown': [422, 'نقش‌ها باید از این‌ها باشند: {roles}.', 'Roles must be among these: {roles}.'],
});

@Controller('api/retailers/buyers')
export class BuyersHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('approver', 'operator')
  @Replies(Person, { refusals })
  name(@Body() { id, subject, name: called, phone, roles, networkId }: NameBuyerBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const known = rolesOf(roles);
      if (known === undefined) return unknownRole;
      const outcome = await name(tx, { id: id ?? newId(), networkId: networkOf(caller, networkId), subject, name: called, roles: known, ...(phone !== undefined && { phone }) }, caller.subject);
      return outcome.ok ? done(shown(outcome.buyer)) : outcome;
    });
  }

  @Patch(':id')
  @Allow('approver')
  @Replies(Person, { refusals })
  change(@Param('id') id: string, @Body() { version, roles, ...rest }: ChangeBuyerBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const known = roles === undefined ? undefined : rolesOf(roles);
      if (roles !== undefined && known === undefined) return unknownRole;
      const outcome = await change(tx, caller.party, id, { ...rest, ...(known !== undefined && { roles: known }), ...(version !== undefined && { seen: version }) }, caller.subject);
      return outcome.ok ? done(shown(outcome.buyer)) : outcome;
    });
  }

  @Get()
  @Allow('approver', 'buyer', 'operator')
  @Replies(pageOf(Person))
  async list(@Query() { networkId }: BuyersQuery, @Caller() caller: Caller) {
    return page((await read(this.source, caller, (tx) => listBuyers(tx, networkOf(caller, networkId)))).map(shown));
  }
}

const unknownRole = { ok: false, reason: 'role-unknown', details: { roles: buyerRoles.join(', ') } } as const;

const rolesOf = (names: readonly string[]): BuyerRole[] | undefined => {
  const known = names.filter((one): one is BuyerRole => (buyerRoles as readonly string[]).includes(one));
  return known.length === names.length ? known : undefined;
};

const networkOf = (caller: Caller, named: string | undefined): string => (caller.roles.includes('operator') && named !== undefined ? named : caller.party);

const shown = ({ id: buyerId, ...buyer }: Buyer) => ({ buyerId, ...buyer });
