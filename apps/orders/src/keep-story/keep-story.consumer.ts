import { Controller } from '@nestjs/common';
import { contractOf, factContracts, partiesOf, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { batchInsert, uuids } from '../store/batch.js';

/** Every fact that tells of an order. */
const ofOrders = factContracts.filter((contract) => contract.key === 'orderId');

type Told = { readonly fact: Fact; readonly parties: readonly string[] };

const insert = batchInsert<Told>('story', [
  ['fact_id', 'uuid', ({ fact }) => fact.id], ['order_id', 'uuid', ({ fact }) => fact.key], ['type', 'text', ({ fact }) => fact.type], ['time', 'timestamptz', ({ fact }) => fact.time],
  ['causationid', 'text', ({ fact }) => fact.causationid ?? null], ['data', 'json', ({ fact }) => JSON.stringify(fact.data)], ['parties', 'uuid[]', ({ parties }) => uuids(parties)],
], 'on conflict (fact_id) do nothing');

/**
 * The story is a projection with a consumer group of its own: it may lag or be rebuilt without holding up an order. One statement per
 * batch, because every fact of every service passes here.
 */
@Controller()
export class KeepStory {
  @OnFacts(ofOrders, { group: 'orders-story' })
  async keep(facts: Fact<unknown>[], tx: Tx): Promise<void> {
    const told = facts.flatMap((fact): Told[] => {
      const contract = contractOf(fact.type);
      return contract === undefined ? [] : [{ fact, parties: partiesOf(contract, fact.data) }];
    });
    if (told.length > 0) await tx.run(insert.text, insert.values(told));
  }
}
