/** What happened, told as it happens; the platform turns it into Prometheus counters and histograms. Durations in milliseconds. */
export type Metric =
  | { readonly kind: 'relayed'; readonly service: string; readonly count: number; /** From recordedtime to the broker's ack, of the oldest in the batch. */ readonly latencyMs: number }
  | { readonly kind: 'sealed'; readonly service: string; readonly count: number }
  | { readonly kind: 'handled'; readonly service: string; readonly group: string; readonly count: number; readonly duplicates: number; readonly ms: number }
  | { readonly kind: 'diverted'; readonly service: string; readonly group: string; readonly state: 'waiting' | 'retrying' | 'parked' | 'queued'; readonly count: number }
  | { readonly kind: 'fired'; readonly service: string; readonly deadline: string; readonly count: number }
  | { readonly kind: 'errand'; readonly service: string; readonly errand: string; readonly ok: boolean; readonly ms: number };

export type LogEntry = { readonly level: 'info' | 'warn' | 'error'; readonly message: string; readonly [detail: string]: unknown };

export type Report = { readonly onMetric: (metric: Metric) => void; readonly log: (entry: LogEntry) => void };

export const silent: Report = { onMetric: () => {}, log: () => {} };

/** One JSON line per entry on stderr: what a process without a logger does. */
export const logToStderr = (entry: LogEntry): void => void process.stderr.write(`${JSON.stringify(entry)}\n`);
