import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createStrategy, Source, type Broker, type Clock, type FactsStrategy, type Settings } from '@peyvand/messaging';
import type { FastifyInstance } from 'fastify';
import { refuseUndeclaredRoutes } from './auth/declared-routes.js';
import { AccessGuard } from './auth/guard.js';
import { verifier, type Keys } from './auth/verify.js';
import type { ServiceDefinition } from './define-service.js';
import { ProblemFilter } from './http/problem-filter.js';
import { httpServer } from './http/server.js';
import { ValidatePipe } from './http/validate.js';
import { anchorOf } from './observe/anchor.js';
import { NestLog, type Log } from './observe/log.js';
import { makeMetrics } from './observe/metrics.js';
import { addProbes } from './observe/probes.js';
import { requestLog } from './observe/request-log.js';
import { openApiOf } from './openapi.js';
import { parkedHttpOf } from './operate/parked.http.js';
import { sealsHttpOf } from './operate/seals.http.js';
import type { Config } from './platform.config.js';
import { Running } from './running.js';

export type Parts = {
  readonly config: Config;
  readonly services: readonly { readonly definition: ServiceDefinition; readonly source: Source }[];
  readonly clock: Clock;
  readonly broker?: Broker;
  readonly keys: Keys;
  readonly log: Log;
  readonly settings?: Partial<Settings>;
  /** Node's own figures in /metrics; tests leave them out. */
  readonly processMetrics: boolean;
};

export type Assembled = { readonly app: NestFastifyApplication; readonly fastify: FastifyInstance; readonly strategy: FactsStrategy; readonly running: Running };

/** One Nest application of one or several services, not yet listening and not yet consuming. Throws when a route declares no access. */
export const assemble = async ({ config, services: given, clock, broker, keys, log, settings, processMetrics }: Parts): Promise<Assembled> => {
  const services = given.map(({ definition, source }) => ({ source, definition: { ...definition, controllers: [...definition.controllers, parkedHttpOf(definition.name), sealsHttpOf(definition.name)] } }));
  refuseUndeclaredRoutes(services.flatMap(({ definition }) => definition.controllers));
  const metrics = makeMetrics({ process: processMetrics });
  const guard = new AccessGuard(verifier({ keys, issuer: config.oidc.issuer, audience: config.oidc.audience }), config.rateLimit);
  const told = requestLog(log);
  const { adapter, fastify, methodsAt } = httpServer({
    bodyLimitBytes: config.bodyLimitBytes,
    refusalOf: (request) => guard.refusalOf(request),
    answered: (one) => {
      metrics.answered(one);
      told(one);
    },
  });

  const sources = new Map(services.map(({ definition, source }) => [definition.name, source]));
  const documents = new Map<string, Record<string, unknown>>();
  const openApi = (name?: string): Record<string, unknown> => {
    const chosen = modules.filter(({ definition }) => name === undefined || definition.name === name);
    const document = documents.get(name ?? '') ?? openApiOf(app, chosen.map(({ definition }) => definition), chosen.map(({ dynamic }) => dynamic.module));
    documents.set(name ?? '', document);
    return document;
  };
  const running = new Running(config, clock, sources, openApi);
  const modules = services.map(({ definition, source }) => ({ definition, dynamic: moduleOf(definition, source, running) }));

  const app = await NestFactory.create<NestFastifyApplication>(rootOf(modules.map(({ dynamic }) => dynamic)), adapter, {
    bodyParser: false, logger: new NestLog(log), abortOnError: false,
  });
  app.useGlobalGuards(guard);
  app.useGlobalPipes(new ValidatePipe());
  app.useGlobalFilters(new ProblemFilter((error) => log.error({ error }, 'unforeseen'), methodsAt));
  const strategy = createStrategy({
    services: services.map(({ definition, source }) => ({ source, broker, controllers: classesOf(definition), sealing: { key: config.sealKeyOf(definition.name), anchor: anchorOf(config, log) } })),
    onMetric: metrics.messaging,
    log: ({ level, message, ...details }) => log[level](details, message),
    ...(settings === undefined ? {} : { settings }),
  });
  app.connectMicroservice({ strategy });
  running.strategy = strategy;
  addProbes(fastify, running, metrics);
  addDocuments(fastify, running, [...sources.keys()]);
  await app.init();
  return { app, fastify, strategy, running };
};

const classesOf = ({ controllers, consumers }: ServiceDefinition): Type[] => [...new Set([...controllers, ...consumers])];

/** A module per service: its Source is its own, so no service can be given another's database. */
const moduleOf = (definition: ServiceDefinition, source: Source, running: Running): DynamicModule & { readonly module: Type } => {
  class ServiceModule {}
  Object.defineProperty(ServiceModule, 'name', { value: `${definition.name}Module` });
  return {
    module: ServiceModule, controllers: classesOf(definition),
    providers: [{ provide: Source, useValue: source }, { provide: Running, useValue: running }, ...definition.providers],
  };
};

const rootOf = (imports: DynamicModule[]): Type => {
  class Root {}
  Module({ imports })(Root);
  return Root;
};

/** /api/<service>/openapi.json each, and /api/openapi.json for all of this process, unless a service brings its own. */
const addDocuments = (fastify: FastifyInstance, running: Running, names: readonly string[]): void => {
  for (const name of names) fastify.get(`/api/${name}/openapi.json`, async () => running.openApi(name));
  if (!names.includes('edge')) fastify.get('/api/openapi.json', async () => running.openApi());
};
