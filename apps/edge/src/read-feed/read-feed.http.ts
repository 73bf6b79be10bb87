import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, problem, read, Replies, reply, Running, writtenByHand } from '@peyvand/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cloudEventFor } from '../domain/cloud-event.js';
import { readFeed, readHead } from '../store/feed.store.js';
import { cursorAt, FeedQuery, feedRefusals, positionOf, typesOf } from './feed-query.js';
import { FeedStreams } from './feed-streams.js';
import { FeedTail } from './feed-tail.js';
import { streamFeed, type Item } from './stream-feed.js';

const Event = z.object({
  specversion: z.literal('1.0'), id: reply.uuid, type: reply.text.meta({ examples: ['ir.peyvand.delivery.InvoiceApproved.v1'] }), source: reply.text, time: reply.moment, datacontenttype: z.literal('application/json'),
  dataschema: reply.text, partitionkey: reply.text.optional(), recordedtime: reply.moment, correlationid: reply.text, causationid: reply.text.optional(), groupid: reply.text.optional(),
  data: reply.anything.describe('The fields your party may see, by the schema at `dataschema`'),
}).meta({ id: 'CloudEvent', description: 'A fact as CloudEvents 1.0, structured. In a stream `id` is the cursor after the event, to be sent back as Last-Event-ID' });

const Feed = z.object({ items: z.array(Event), next: reply.text.describe('Send it as `after`; it is there even when nothing is left') });

@Controller('api/events')
export class ReadFeedHttp {
  constructor(private readonly source: Source, private readonly tail: FeedTail, private readonly running: Running, private readonly streams: FeedStreams) {}

  /** The caller's own view of everything that happened: one page, or with `Accept: text/event-stream` a stream that goes on. */
  @Get()
  @Allow('buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'funder', 'carrier', 'union', 'sponsor', 'operator')
  @Replies([writtenByHand('application/json', Feed), writtenByHand('text/event-stream', Event)], { refusals: feedRefusals, problems: ['too-many-requests'] })
  async events(@Query() query: FeedQuery, @Caller() caller: Caller, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const types = typesOf(query.types);
    const streaming = String(request.headers.accept ?? '').includes('text/event-stream');
    // A browser that reconnects by itself says where it stopped in this header, whatever the address says.
    const resume = streaming ? request.headers['last-event-id'] : undefined;
    const after = typeof resume === 'string' && resume !== '' ? resume : (query.after ?? query.cursor);
    const from = await read(this.source, caller, async (tx) => positionOf(after, await readHead(tx)));
    const readOn = (position: number, limit: number) => read(this.source, caller, (tx) => pageAfter(tx, caller.party, position, types, limit));
    if (streaming) return this.stream(reply, caller.party, from, readOn);
    const { items, cursor } = await readOn(from, query.limit ?? 50);
    void reply.headers({ link: nextOf(request.url, cursor), 'cache-control': 'private, no-store' }).send({ items: items.map(({ event }) => event), next: cursor });
  }

  private async stream(reply: FastifyReply, party: string, from: number, readOn: Parameters<typeof streamFeed>[0]['read']): Promise<void> {
    if (!this.streams.enter(party)) throw problem('too-many-requests', { headers: { 'retry-after': '30' } });
    reply.hijack();
    const { raw } = reply;
    // The connection ends with its stream: kept alive it would hold up the closing of the process.
    raw.writeHead(200, { connection: 'close', ...reply.getHeaders() as Record<string, string>, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    try {
      await streamFeed({ raw, tail: this.tail, read: readOn, from, open: () => this.running.ready, settings: this.streams.settings });
    } catch {
      // The database is away: the client comes back with its last id.
      raw.destroy();
    } finally {
      this.streams.leave(party);
    }
  }
}

/** The next items and where the reader then stands: behind the last one, or at the head when there is nothing else for it. */
const pageAfter = async (tx: Tx, party: string, position: number, types: readonly string[] | undefined, limit: number) => {
  const head = await readHead(tx);
  const found = await readFeed(tx, party, position, head.position, types, limit);
  const more = found.length === limit;
  const stands = more ? (found.at(-1)?.position ?? head.position) : Math.max(position, head.position);
  const items: Item[] = found.flatMap((heard) => {
    const event = cloudEventFor(party, heard.fact);
    return event === undefined ? [] : [{ cursor: cursorAt(head.epoch, heard.position), event }];
  });
  return { items, position: stands, cursor: cursorAt(head.epoch, stands), more };
};

const nextOf = (url: string, cursor: string): string => {
  const address = new URL(url, 'http://any');
  address.searchParams.set('after', cursor);
  return `<${address.pathname}${address.search}>; rel="next"`;
};
