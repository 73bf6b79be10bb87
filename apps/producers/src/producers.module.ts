import { Source } from '@peyvand/messaging';
import { defineService, Running } from '@peyvand/platform';
import { AddProductHttp } from './add-product/add-product.http.js';
import { ApplyForLicenceHttp } from './apply-for-licence/apply-for-licence.http.js';
import { AskIssuer } from './ask-issuer/ask-issuer.consumer.js';
import { ChangeOfferHttp } from './change-offer/change-offer.http.js';
import { DemoLicencesHttp } from './demo-licences/demo-licences.http.js';
import { ExpireLicence } from './expire-licence/expire-licence.consumer.js';
import { FindProducersHttp } from './find-producers/find-producers.http.js';
import { FindProductsHttp } from './find-products/find-products.http.js';
import { FileAuthority } from './licence-authority/file-authority.js';
import { LicenceAuthority } from './licence-authority/licence-authority.js';
import { SimulatedAuthority } from './licence-authority/simulated-authority.js';
import { ListOffersHttp } from './list-offers/list-offers.http.js';
import { LoadCatalogueHttp } from './load-catalogue/load-catalogue.http.js';
import { ParksHttp } from './open-park/parks.http.js';
import { licenceSource } from './producers.config.js';
import { PublishOfferHttp } from './publish-offer/publish-offer.http.js';
import { RegisterProducerHttp } from './register-producer/register-producer.http.js';
import { producersMigrations } from './store/migrations.js';
import { SuspendProducerHttp } from './suspend-producer/suspend-producer.http.js';

/** Producers, their licences and places, products, and what they offer. */
export const producers = defineService({
  name: 'producers',
  migrations: producersMigrations,
  controllers: [
    RegisterProducerHttp, ApplyForLicenceHttp, SuspendProducerHttp, FindProducersHttp, ParksHttp, AddProductHttp, FindProductsHttp,
    PublishOfferHttp, ChangeOfferHttp, ListOffersHttp, LoadCatalogueHttp, DemoLicencesHttp,
  ],
  consumers: [AskIssuer, ExpireLicence],
  providers: [{
    provide: LicenceAuthority,
    inject: [Source, Running],
    useFactory: (source: Source, { config }: Running): LicenceAuthority => {
      const chosen = licenceSource(config.production);
      return chosen.kind === 'file' ? new FileAuthority(chosen.path) : new SimulatedAuthority(source);
    },
  }],
});
