export type Settings = {
  /** Facts per consumer transaction: where all handlers take batches, and where some take facts one at a time (their time adds up, locks are held meanwhile). */
  readonly consumeBatch: number;
  readonly consumeSingles: number;
  /** Facts per relay produce. */
  readonly relayBatch: number;
  /** Consumer transactions of one group and process at once, over different partitions (Kafka). Each takes a connection. */
  readonly batchesAtOnce: number;
  /** Relay: wall milliseconds between looks at `unsent` when idle (each doubles from the first to the second). */
  readonly relayPollMs: readonly [number, number];
  /** Relay: wall milliseconds between two produces while there is little to send. */
  readonly relayLingerMs: number;
  /** Relay lease, wall milliseconds. */
  readonly leaseMs: number;
  /** Wall milliseconds between two seals; 0 seals nothing (the simulation). */
  readonly sealMs: number;
  /** Tries of a failing fact, deadline and errand before it parks. */
  readonly factAttempts: number;
  readonly deadlineAttempts: number;
  readonly errandAttempts: number;
  /** Wait before a retry, wall milliseconds: first, doubling to the last. */
  readonly retryMs: readonly [number, number];
  /** The same for a fact that waits for its predecessor: no failure, so looked at more often. */
  readonly waitRetryMs: readonly [number, number];
  /** How long a fact waits for its predecessor before it parks, wall milliseconds. */
  readonly waitMs: number;
  /** A crashed process's errands are taken up again after this long, wall milliseconds; a living one renews three times as often. */
  readonly errandLeaseMs: number;
  /** Errands of one service under way at once. */
  readonly errandsAtOnce: number;
};

export const defaults: Settings = {
  consumeBatch: 2_000,
  consumeSingles: 500,
  relayBatch: 1_000,
  batchesAtOnce: 2,
  relayPollMs: [25, 250],
  relayLingerMs: 3,
  leaseMs: 10_000,
  sealMs: 1_000,
  factAttempts: 5,
  deadlineAttempts: 8,
  errandAttempts: 30,
  retryMs: [100, 30_000],
  waitRetryMs: [50, 2_000],
  waitMs: 3_600_000,
  errandLeaseMs: 15_000,
  errandsAtOnce: 8,
};

/** The wait before try number `attempts` + 1, wall milliseconds. */
export const backoff = ([first, last]: readonly [number, number], attempts: number): number => Math.min(last, first * 2 ** Math.max(0, attempts - 1));
