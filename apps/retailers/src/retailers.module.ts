import { defineService } from '@peyvand/platform';
import { ChangePolicyHttp } from './change-policy/change-policy.http.js';
import { CodesHttp } from './cross-reference/codes.http.js';
import { FindNetworksHttp } from './find-networks/find-networks.http.js';
import { BuyersHttp } from './name-buyer/buyers.http.js';
import { OnProductListed } from './on-product-listed/on-product-listed.consumer.js';
import { PlacesHttp } from './open-place/places.http.js';
import { RegisterNetworkHttp } from './register-network/register-network.http.js';
import { retailersMigrations } from './store/migrations.js';

/** Retail networks, their places, people, own article codes and the policy their orders are awarded by. */
export const retailers = defineService({
  name: 'retailers',
  migrations: retailersMigrations,
  controllers: [RegisterNetworkHttp, ChangePolicyHttp, PlacesHttp, CodesHttp, BuyersHttp, FindNetworksHttp],
  consumers: [OnProductListed],
});
