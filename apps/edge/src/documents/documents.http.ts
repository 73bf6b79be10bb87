import { Controller, Get, Param } from '@nestjs/common';
import { asyncApiOf, contractOf, factContracts, jsonSchemaOf, type Json } from '@peyvand/contracts';
import { Answer, type Body, fileOf, problem, Public, Replies, reply, type ReplyOf, Running } from '@peyvand/platform';
import { request } from 'undici';
import { z } from 'zod';
import { Forward } from '../forward/forward.js';
import { docsPage } from './docs-page.js';
import { mergeOpenApi, type Document, type ServiceDocument } from './merge-open-api.js';

const schemaBody: Body<ReplyOf<typeof reply.anything>> = { media: 'application/schema+json', schema: reply.anything };

/** What a partner's developer reads first. */
@Controller('api')
@Public()
export class DocumentsHttp {
  private readonly remote = new Map<string, Document>();
  private asyncApi: Json | undefined;

  constructor(private readonly running: Running, private readonly forward: Forward) {}

  /** All services' routes. A service of another process that does not answer is left out until it does. */
  @Get('openapi.json')
  @Replies(reply.anything)
  async openApi(): Promise<Document> {
    const here = [...this.running.sources.keys()].map((service): ServiceDocument => ({ service, document: this.running.openApi(service) }));
    const elsewhere = await Promise.all([...this.forward.urls].map(([service, origin]) => this.fetched(service, origin)));
    return mergeOpenApi([...here, ...elsewhere.flatMap((one) => one ?? [])].sort((a, b) => (a.service < b.service ? -1 : 1)));
  }

  @Get('asyncapi.json')
  @Replies(reply.anything)
  facts(): Json {
    return (this.asyncApi ??= asyncApiOf(factContracts));
  }

  @Get('schemas')
  @Replies(z.object({ items: z.array(z.object({ name: reply.text, type: reply.text, summary: reply.text, schema: reply.text.describe('Its address') })) }))
  schemas() {
    return { items: factContracts.map(({ name, type, summary }) => ({ name, type, summary, schema: `/api/schemas/${name}` })) };
  }

  /** By name (InvoiceApproved) or full type (ir.peyvand.delivery.InvoiceApproved.v1), with or without .json. */
  @Get('schemas/:type')
  @Replies(schemaBody)
  schema(@Param('type') asked: string) {
    const type = asked.replace(/\.json$/, '');
    const contract = contractOf(type) ?? factContracts.find(({ name }) => name === type || `${name}.v1` === type);
    if (contract === undefined) throw problem('not-found');
    return new Answer(jsonSchemaOf(contract), { headers: { 'content-type': 'application/schema+json; charset=utf-8' } });
  }

  @Get('docs')
  @Replies(fileOf('text/html'))
  docs() {
    return new Answer(docsPage, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'" } });
  }

  // A service's routes change only with its version, so the last answer stands while it is away.
  private async fetched(service: string, origin: string): Promise<ServiceDocument | undefined> {
    try {
      const { statusCode, body } = await request(`${origin}/api/${service}/openapi.json`, { headersTimeout: 3_000, bodyTimeout: 3_000 });
      if (statusCode === 200) this.remote.set(service, (await body.json()) as Document);
      else await body.dump();
    } catch {
      // It is away.
    }
    const document = this.remote.get(service);
    return document && { service, document };
  }
}
