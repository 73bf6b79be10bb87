import { Controller, Get, Param, Query } from '@nestjs/common';
import { fold } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, Everyones, page, pageOf, PageQuery, read, Replies, reply, Text, valuesOf } from '@peyvand/platform';
import { z } from 'zod';
import { Policy } from '../change-policy/change-policy.http.js';
import { findNetwork, findPolicy, listNetworks } from '../store/network.store.js';

const signedIn = ['buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'funder', 'carrier', 'union', 'sponsor', 'operator'] as const;

export class FindNetworksQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'Part of a name, however it is spelled' }) q?: string;
}

const Network = z.object({ networkId: reply.uuid, name: reply.bilingual }).meta({ id: 'Network' });

@Controller('api/retailers')
export class FindNetworksHttp {
  constructor(private readonly source: Source) {}

  @Get()
  @Allow(...signedIn)
  @Replies(pageOf(Network))
  async find(@Query() query: FindNetworksQuery, @Caller() caller: Caller) {
    const limit = query.limit ?? 50;
    const after = query.cursor === undefined ? undefined : valuesOf(query.cursor, z.tuple([z.uuid()]))[0];
    const found = await read(this.source, caller, (tx) => listNetworks(tx, fold(query.q ?? ''), after, limit + 1));
    const last = found[limit - 1];
    return page(found.slice(0, limit).map(({ id: networkId, name }) => ({ networkId, name })), found.length > limit && last !== undefined ? cursorOf([last.id]) : undefined);
  }

  /** Who it is; to the network itself and the operator also its national id and policy. */
  @Get(':id')
  @Everyones('a public profile; the policy only the network gets')
  @Allow(...signedIn)
  @Replies(Network.extend({ nationalId: reply.text.optional(), policy: Policy.optional() }))
  one(@Param('id') id: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const network = await findNetwork(tx, id);
      if (network === undefined) return undefined;
      // Row security hides the policy from anyone else.
      const policy = await findPolicy(tx, id);
      const { id: networkId, ...rest } = network;
      return { networkId, ...rest, ...(policy && { policy: { costOfFunds: policy.costOfFunds, automaticAwardUpTo: policy.automaticAwardUpTo, revision: policy.revision } }) };
    });
  }
}
