import type { FastifyInstance } from 'fastify';
import type { Running } from '../running.js';
import type { Metrics } from './metrics.js';

/** The routes that operators' machines ask; outside Nest, so neither sign-in nor validation stands before them. */
export const addProbes = (fastify: FastifyInstance, running: Running, metrics: Metrics): void => {
  // Live: this answer proves the event loop turns; a consumer that no longer polls needs a restart.
  fastify.get('/healthz', async (_request, reply) => {
    const health = running.strategy?.health() ?? { ok: true, groups: [] };
    return reply.status(health.ok ? 200 : 503).send({ ok: health.ok, groups: health.groups });
  });

  fastify.get('/readyz', async (_request, reply) => {
    const databases = Object.fromEntries(await Promise.all([...running.sources].map(async ([name, source]) => [name, await reachable(source.pool)] as const)));
    const consumers = running.strategy?.health().ok === true;
    const ok = running.ready && consumers && Object.values(databases).every(Boolean);
    return reply.status(ok ? 200 : 503).send({ ok, started: running.ready, consumers, databases });
  });

  fastify.get('/metrics', async (_request, reply) => {
    if (running.strategy === undefined) return reply.status(503).send({ ok: false });
    return reply.header('content-type', metrics.contentType).send(await metrics.text(running.strategy));
  });

  // The demo's clock jumps and must know when the jump is digested. In production nobody needs it.
  if (running.config.demo) fastify.get('/idlez', async () => running.idleness());
};

export const isProbe = (route: string): boolean => ['/healthz', '/readyz', '/metrics', '/idlez'].includes(route);

const reachable = async (pool: { query(text: string): Promise<unknown> }): Promise<boolean> => {
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), 2_000).unref());
  return Promise.race([pool.query('select 1').then(() => true, () => false), late]);
};
