import type { FactsStrategy, Metric } from '@peyvand/messaging';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Answered } from '../http/server.js';

export type Metrics = {
  readonly answered: (one: Answered) => void;
  readonly messaging: (metric: Metric) => void;
  /** The text of /metrics; asks the databases for what only they know. */
  readonly text: (strategy: FactsStrategy) => Promise<string>;
  readonly contentType: string;
};

/** Prometheus metrics of one process. `process: false` leaves out those of Node itself (tests run many apps in one). */
export const makeMetrics = ({ process }: { process: boolean }): Metrics => {
  const registry = new Registry();
  if (process) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const http = new Histogram({ name: 'peyvand_http_seconds', help: 'HTTP requests by route', labelNames: ['method', 'route', 'status'], buckets: seconds, registers });
  const handled = new Counter({ name: 'peyvand_facts_handled_total', help: 'Facts handled', labelNames: ['service', 'group'], registers });
  const duplicates = new Counter({ name: 'peyvand_facts_duplicate_total', help: 'Facts heard again and dropped', labelNames: ['service', 'group'], registers });
  const batch = new Histogram({ name: 'peyvand_batch_seconds', help: 'Handling of one batch of facts', labelNames: ['service', 'group'], buckets: seconds, registers });
  const diverted = new Counter({ name: 'peyvand_facts_diverted_total', help: 'Facts set aside', labelNames: ['service', 'group', 'state'], registers });
  const relayed = new Counter({ name: 'peyvand_facts_relayed_total', help: 'Facts acked by the broker', labelNames: ['service'], registers });
  const latency = new Histogram({ name: 'peyvand_relay_seconds', help: 'From stored to acked, oldest fact of each batch', labelNames: ['service'], buckets: seconds, registers });
  const sealed = new Counter({ name: 'peyvand_facts_sealed_total', help: 'Facts under a seal', labelNames: ['service'], registers });
  const fired = new Counter({ name: 'peyvand_deadlines_fired_total', help: 'Deadlines fired', labelNames: ['service'], registers });
  const errands = new Histogram({ name: 'peyvand_errand_seconds', help: 'Calls to the outside', labelNames: ['service', 'kind', 'ok'], buckets: seconds, registers });
  const standing = new Gauge({ name: 'peyvand_standing', help: 'What waits: unsent, due, waiting, parked', labelNames: ['service', 'what'], registers });
  const age = new Gauge({ name: 'peyvand_oldest_unsent_seconds', help: 'Age of the oldest unsent fact', labelNames: ['service'], registers });
  const lag = new Gauge({ name: 'peyvand_lag', help: 'Messages a consumer group has still to handle', labelNames: ['service', 'group'], registers });

  return {
    contentType: registry.contentType,
    answered: ({ method, route, status, ms }) => http.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, ms / 1_000),
    messaging: (metric) => {
      const { service } = metric;
      switch (metric.kind) {
        case 'handled': {
          const labels = { service, group: metric.group };
          handled.inc(labels, metric.count);
          duplicates.inc(labels, metric.duplicates);
          return batch.observe(labels, metric.ms / 1_000);
        }
        case 'relayed':
          relayed.inc({ service }, metric.count);
          return latency.observe({ service }, metric.latencyMs / 1_000);
        case 'sealed':
          return sealed.inc({ service }, metric.count);
        case 'diverted':
          return diverted.inc({ service, group: metric.group, state: metric.state }, metric.count);
        case 'fired':
          return fired.inc({ service }, metric.count);
        case 'errand':
          return errands.observe({ service, kind: metric.errand, ok: String(metric.ok) }, metric.ms / 1_000);
      }
    },
    text: async (strategy) => {
      for (const [service, figures] of Object.entries(await strategy.gauges())) {
        for (const what of ['unsent', 'due', 'waiting', 'parked'] as const) standing.set({ service, what }, figures[what]);
        age.set({ service }, figures.oldestUnsentSeconds);
        for (const [group, count] of Object.entries(figures.lag)) lag.set({ service, group }, count);
      }
      return registry.metrics();
    },
  };
};

const seconds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
