import { defineService } from '@peyvand/platform';
import { DemoIssuer } from './demo-issuer/demo-issuer.js';
import { DemoIssuerHttp } from './demo-issuer/demo-issuer.http.js';
import { DocumentsHttp } from './documents/documents.http.js';
import { Forward } from './forward/forward.js';
import { KeepFeed } from './keep-feed/keep-feed.consumer.js';
import { FeedStreams } from './read-feed/feed-streams.js';
import { FeedTail } from './read-feed/feed-tail.js';
import { ReadFeedHttp } from './read-feed/read-feed.http.js';
import { edgeMigrations } from './store/migrations.js';

/** What partners and people meet first: the feed, sign-in for demonstrations, documents, and the way to the other services. */
export const edge = defineService({
  name: 'edge',
  migrations: edgeMigrations,
  controllers: [ReadFeedHttp, DemoIssuerHttp, DocumentsHttp],
  consumers: [KeepFeed],
  providers: [FeedTail, { provide: FeedStreams, useFactory: () => new FeedStreams() }, DemoIssuer, Forward],
});
