import { Controller } from '@nestjs/common';
import { OfferChanged, OfferPublished, OfferWithdrawn, ProducerRegistered, ProducerSuspended, ProducerVerified, ProductListed, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFact, OnFacts, type Tx } from '@peyvand/messaging';
import { keepOffers, withdrawOffer } from '../store/offer.store.js';
import { wake } from '../store/queue.store.js';
import { keepVariants } from '../store/variant.store.js';

/** What orders keeps of the producers' facts. Back-orders are tried again whenever one of their variants may have found a seller. */
@Controller()
export class OnProducers {
  @OnFacts(ProductListed)
  async list(facts: Fact<DataOf<typeof ProductListed>>[], tx: Tx): Promise<void> {
    await keepVariants(tx, facts.map(({ data }) => data));
  }

  @OnFacts([OfferPublished, OfferChanged])
  async offer(facts: Fact<DataOf<typeof OfferPublished>>[], tx: Tx): Promise<void> {
    await wake(tx, await keepOffers(tx, facts.map(({ data }) => data)));
  }

  /** A group of its own: it hears those too that registered before orders asked. */
  @OnFacts(ProducerRegistered, { group: 'orders-small-units' })
  async register(facts: Fact<DataOf<typeof ProducerRegistered>>[], tx: Tx): Promise<void> {
    const small = facts.filter(({ data }) => data.small).map(({ key }) => key);
    await tx.run('insert into small_units select unnest($1::uuid[]) on conflict do nothing', [small]);
  }

  @OnFact(OfferWithdrawn)
  async withdraw({ data: { offerId, producerId, revision } }: Fact<DataOf<typeof OfferWithdrawn>>, tx: Tx): Promise<void> {
    await withdrawOffer(tx, offerId, producerId, revision);
  }

  @OnFact(ProducerVerified)
  async verify({ data: { producerId, validUntil } }: Fact<DataOf<typeof ProducerVerified>>, tx: Tx): Promise<void> {
    await tx.run(
      `insert into producers values ($1, 'verified', $2) on conflict (producer_id) do update set standing = 'verified', valid_until = greatest(producers.valid_until, excluded.valid_until)`,
      [producerId, validUntil]);
    const offered = await tx.sql<{ variant_id: string }>('select distinct variant_id from offers where producer_id = $1 and not withdrawn', [producerId]);
    await wake(tx, offered.map((row) => row.variant_id));
  }

  /** Nothing new is matched; what was matched stands. */
  @OnFact(ProducerSuspended)
  async suspend({ data: { producerId } }: Fact<DataOf<typeof ProducerSuspended>>, tx: Tx): Promise<void> {
    await tx.run(`insert into producers values ($1, 'suspended', null) on conflict (producer_id) do update set standing = 'suspended', valid_until = null`, [producerId]);
  }
}
