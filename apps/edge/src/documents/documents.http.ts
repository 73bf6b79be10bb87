import { Controller, Get, Param } from '@nestjs/common';
import { asyncApiOf, contractOf, factContracts, jsonSchemaOf, type Json } from '@peyvand/contracts';
import { Answer, problem, Public, Running } from '@peyvand/platform';
import { request } from 'undici';
import { Forward } from '../forward/forward.js';
import { docsPage } from './docs-page.js';
import { mergeOpenApi, type Document, type ServiceDocument } from './merge-open-api.js';

/** What a partner's developer reads first. */
@Controller('api')
@Public()
export class DocumentsHttp {
  private readonly remote = new Map<string, Document>();
  private asyncApi: Json | undefined;

  constructor(private readonly running: Running, private readonly forward: Forward) {}

  /** All services' routes. A service of another process that does not answer is left out until it does. */
  @Get('openapi.json')
  async openApi(): Promise<Document> {
    const here = [...this.running.sources.keys()].map((service): ServiceDocument => ({ service, document: this.running.openApi(service) }));
    const elsewhere = await Promise.all([...this.forward.urls].map(([service, origin]) => this.fetched(service, origin)));
    return mergeOpenApi([...here, ...elsewhere.flatMap((one) => one ?? [])].sort((a, b) => (a.service < b.service ? -1 : 1)));
  }

  @Get('asyncapi.json')
  facts(): Json {
    return (this.asyncApi ??= asyncApiOf(factContracts));
  }

  @Get('schemas')
  schemas() {
    return { items: factContracts.map(({ name, type, summary }) => ({ name, type, summary, schema: `/api/schemas/${name}` })) };
  }

  /** By name (InvoiceApproved) or full type (ir.peyvand.delivery.InvoiceApproved.v1), with or without .json. */
  @Get('schemas/:type')
  schema(@Param('type') asked: string): Answer {
    const type = asked.replace(/\.json$/, '');
    const contract = contractOf(type) ?? factContracts.find(({ name }) => name === type || `${name}.v1` === type);
    if (contract === undefined) throw problem('not-found');
    return new Answer(jsonSchemaOf(contract), { headers: { 'content-type': 'application/schema+json; charset=utf-8' } });
  }

  @Get('docs')
  docs(): Answer {
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
