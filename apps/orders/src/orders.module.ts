import { defineService } from '@peyvand/platform';
import { AnswerChangeHttp } from './answer-change/answer-change.http.js';
import { AnswerMatchHttp } from './answer-match/answer-match.http.js';
import { AwardOrderHttp } from './award-order/award-order.http.js';
import { CancelOrderHttp } from './cancel-order/cancel-order.http.js';
import { ChangeOrderHttp } from './change-order/change-order.http.js';
import { FallDue } from './fall-due/fall-due.consumer.js';
import { importOrders } from './import-orders/index.js';
import { KeepStory } from './keep-story/keep-story.consumer.js';
import { ListMatchesHttp } from './list-matches/list-matches.http.js';
import { ListOrdersHttp } from './list-orders/list-orders.http.js';
import { MatchMarket } from './match-market/match-market.consumer.js';
import { OnDelivery } from './on-delivery/on-delivery.consumer.js';
import { OnFinancing } from './on-financing/on-financing.consumer.js';
import { OnMatchReleased } from './on-match-released/on-match-released.consumer.js';
import { OnOrderSubmitted } from './on-order-submitted/on-order-submitted.consumer.js';
import { OnProducers } from './on-producers/on-producers.consumer.js';
import { OnRetailers } from './on-retailers/on-retailers.consumer.js';
import { ReadOrderHttp } from './read-order/read-order.http.js';
import { ReckonTotalsHttp } from './reckon-totals/reckon-totals.http.js';
import { SecureMatchHttp } from './secure-match/secure-match.http.js';
import { AcceptAwarded } from './standing-acceptance/accept-awarded.consumer.js';
import { StandingAcceptanceHttp } from './standing-acceptance/standing-acceptance.http.js';
import { Orders1700000000001, StoryAsText } from './store/migrations.js';
import { OrdersStanding1700000000004 } from './store/standing-acceptance.store.js';
import { OrdersSourcing1700000000006 } from './store/sourcing-migration.js';
import { OrdersSubstitutes1700000000003 } from './store/substitutes-migration.js';
import { SubmitOrderHttp } from './submit-order/submit-order.http.js';
import { TellStoryHttp } from './tell-story/tell-story.http.js';

/** Orders, matching, matches and purchase orders, committed capacity, the story. */
export const orders = defineService({
  name: 'orders',
  migrations: [Orders1700000000001, ...importOrders.migrations, OrdersSubstitutes1700000000003, OrdersStanding1700000000004, StoryAsText, OrdersSourcing1700000000006],
  controllers: [
    ...importOrders.controllers,
    ListMatchesHttp, AnswerMatchHttp, StandingAcceptanceHttp, AnswerChangeHttp, SecureMatchHttp,
    SubmitOrderHttp, ReckonTotalsHttp, ListOrdersHttp, ReadOrderHttp, TellStoryHttp, ChangeOrderHttp, CancelOrderHttp, AwardOrderHttp,
  ],
  consumers: [OnProducers, OnRetailers, OnOrderSubmitted, MatchMarket, OnMatchReleased, OnFinancing, OnDelivery, FallDue, AcceptAwarded, KeepStory, ...importOrders.consumers],
});
