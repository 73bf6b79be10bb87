/** A message as a broker carries it. Header names are lower case. */
export type BrokerMessage = { readonly key: string; readonly headers: Readonly<Record<string, string>>; readonly value: string };

export type Received = BrokerMessage & { readonly topic: string; readonly partition: number; readonly offset: string };

export type SubscribeOptions = {
  readonly group: string;
  readonly topics: readonly string[];
  /** Which types (ce_type) to hand over; of the others only the offset moves on. Left out: all. */
  wants?(type: string): boolean;
  /** Most messages in one batch. */
  readonly batch: number;
  /** Most batches of different partitions under way at once; the embedded broker does one at a time. */
  readonly atOnce: number;
  /**
   * Handles messages in order; the offset moves on only after it resolves. A rejection means "not handled": the same messages come
   * again. `signal` fires when the batch no longer belongs to this member (rebalance) or the subscription closes.
   */
  onBatch(messages: readonly Received[], signal: AbortSignal): Promise<void>;
};

export type Subscription = {
  /** Finishes the batch in hand, stores its offset, leaves the group. */
  close(): Promise<void>;
  /** Not ok when the consumer crashed or has not polled for `silentMs`. */
  health(): { readonly ok: boolean; readonly reason?: string };
};

/** What the messaging needs of a broker: partitions by murmur2 of the key, order inside a partition, at least once. */
export type Broker = {
  readonly name: string;
  /** Makes sure the topics exist with 24 partitions; throws when one is missing and may not be made, or has another number. */
  ensureTopics(topics: readonly string[]): Promise<void>;
  /** Resolves after the broker has stored all of them. Messages with one key keep their order. */
  produce(topic: string, messages: readonly BrokerMessage[]): Promise<void>;
  /** A group never seen before starts at the beginning of its topics. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Messages of these topics the group has not finished yet. */
  lag(group: string, topics: readonly string[]): Promise<number>;
  close(): Promise<void>;
};
