import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { problem, Running, sendProblem } from '@peyvand/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Agent } from 'undici';
import { serviceUrls, type ServiceUrls } from '../edge.config.js';

// They speak of one connection and not of the message (RFC 9110 §7.6.1); undici and Node write their own.
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host', 'expect']);

/**
 * With a process per service the edge is the one address people know: /api/<service>/… of services that run elsewhere goes there as it
 * is, streams in both directions included (imports, server-sent events). Every service checks the token itself.
 */
@Injectable()
export class Forward implements OnModuleInit, OnModuleDestroy {
  // Headers must come within a minute; a stream may then stay quiet for as long as it likes.
  private readonly agent = new Agent({ connections: 256, headersTimeout: 60_000, bodyTimeout: 0, connect: { timeout: 5_000 } });
  readonly urls: ServiceUrls;

  constructor(private readonly running: Running, private readonly adapterHost: HttpAdapterHost) {
    this.urls = new Map([...serviceUrls()].filter(([service]) => !running.sources.has(service)));
  }

  onModuleInit(): void {
    if (this.urls.size === 0) return;
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    void fastify.register(async (scope: FastifyInstance) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      for (const [service, origin] of this.urls) {
        for (const path of [`/api/${service}`, `/api/${service}/*`]) scope.all(path, (request, reply) => this.forward(service, origin, request, reply));
      }
    });
  }

  onModuleDestroy(): Promise<void> {
    return this.agent.destroy();
  }

  private async forward(service: string, origin: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    try {
      const { statusCode, headers, body } = await this.agent.request({
        // The path goes on untouched: a normalised `..` would reach addresses that are not the service's API.
        origin, path: request.url, method: request.method as 'GET', signal: gone.signal,
        headers: { ...passed(request.headers), 'x-correlation-id': String(reply.getHeader('x-correlation-id') ?? ''), 'x-forwarded-for': request.ip, 'x-forwarded-host': request.host, 'x-forwarded-proto': request.protocol },
        // A jump of the demo's clock and a scenario answer when everybody is done: minutes, on a slow machine.
        ...(service === 'demo' ? { headersTimeout: 600_000 } : {}),
        body: request.method === 'GET' || request.method === 'HEAD' ? null : (request.body as NodeJS.ReadableStream | undefined ?? null) as never,
      });
      return await reply.status(statusCode).headers(passed(headers)).send(body);
    } catch {
      if (gone.signal.aborted || reply.sent) return reply;
      sendProblem(reply, request, problem('service-unreachable', { headers: { 'retry-after': '2' }, details: { service, ready: this.running.ready } }));
      return reply;
    }
  }
}

const passed = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined || hopByHop.has(name) ? [] : [[name, value]])));
