import { partitions } from '@peyvand/contracts';

const m = 0x5bd1e995;

/**
 * murmur2 with Kafka's seed, as the Java client and kafkajs compute it over UTF-8 bytes: both brokers must put a key into the same
 * partition. Returns a signed 32-bit number. Source: org.apache.kafka.common.utils.Utils.murmur2.
 */
export const murmur2 = (text: string): number => {
  const data = Buffer.from(text);
  const { length } = data;
  let h = 0x9747b28c ^ length;
  const blocks = length & ~3;
  for (let i = 0; i < blocks; i += 4) {
    let k = Math.imul(data.readInt32LE(i), m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  const tail = length & 3;
  if (tail === 3) h ^= data.readUInt8(blocks + 2) << 16;
  if (tail >= 2) h ^= data.readUInt8(blocks + 1) << 8;
  if (tail >= 1) h = Math.imul(h ^ data.readUInt8(blocks), m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
};

/** The partition of a key, 0 … 23. */
export const partitionOf = (key: string): number => (murmur2(key) & 0x7fffffff) % partitions;
