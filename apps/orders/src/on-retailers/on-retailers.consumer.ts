import { Controller } from '@nestjs/common';
import { CodesCrossReferenced, NetworkRegistered, StoreOpened, type DataOf, type Fact } from '@peyvand/contracts';
import { foldCode } from '@peyvand/kernel';
import { OnFact, type Tx } from '@peyvand/messaging';
import { uuids } from '../store/batch.js';

/** What orders keeps of the networks' facts. All are keyed by the network, so they come in their order, and none touches another network's rows. */
@Controller()
export class OnRetailers {
  @OnFact(NetworkRegistered, { apart: true })
  async register({ data }: Fact<DataOf<typeof NetworkRegistered>>, tx: Tx): Promise<void> {
    await tx.run(
      `insert into networks values ($1, $2, $3, $4) on conflict (network_id) do update
        set cost_of_funds = excluded.cost_of_funds, automatic_award_up_to = excluded.automatic_award_up_to, revision = excluded.revision where networks.revision < excluded.revision`,
      [data.networkId, JSON.stringify(data.costOfFunds), data.automaticAwardUpTo ?? null, data.revision]);
  }

  @OnFact(StoreOpened, { apart: true })
  async open({ data: { networkId, place, kind, code } }: Fact<DataOf<typeof StoreOpened>>, tx: Tx): Promise<void> {
    await tx.run(
      'insert into places (place_id, network_id, kind, code, place) values ($1, $2, $3, $4, $5) on conflict (place_id) do update set kind = excluded.kind, code = excluded.code, place = excluded.place',
      [place.placeId, networkId, kind, code, JSON.stringify(place)]);
  }

  @OnFact(CodesCrossReferenced, { apart: true })
  async refer({ data: { networkId, codes } }: Fact<DataOf<typeof CodesCrossReferenced>>, tx: Tx): Promise<void> {
    // Entries of one code (however it is spelled) are alternatives, the preferred first, and replace what the code named before.
    const ranked = new Map<string, string[]>();
    for (const { code, variantId } of codes) ranked.set(foldCode(code), [...new Set([...(ranked.get(foldCode(code)) ?? []), variantId])]);
    const named = [...ranked.values()];
    await tx.run(
      `insert into codes (network_id, code, variant_id, substitutes) select $1, c.code, c.variant_id, c.substitutes::uuid[] from unnest($2::text[], $3::uuid[], $4::text[]) as c(code, variant_id, substitutes)
        on conflict (network_id, code) do update set variant_id = excluded.variant_id, substitutes = excluded.substitutes`,
      [networkId, [...ranked.keys()], named.map(([first]) => first), named.map(([, ...others]) => uuids(others))]);
  }
}
