import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { partitions } from '@peyvand/contracts';
import { partitionOf } from './murmur2.js';

describe('partitionOf', () => {
  it('puts every key where kafkajs puts it', () => {
    const theirs = kafkajs.Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 1, partitionErrorCode: 0, replicas: [], isr: [] }));
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (key) =>
      partitionOf(key) === theirs({ topic: 't', partitionMetadata, message: { key: Buffer.from(key), value: null } })), { numRuns: 3_000 });
  });

  it('matches the Java client on its own test values', () => {
    // org.apache.kafka.common.utils.UtilsTest.testMurmur2, as positive numbers modulo 24
    const java: [string, number][] = [['21', -973932308], ['foobar', -790332482], ['a-little-bit-long-string', -985981536], ['abc', 479470107]];
    for (const [key, hash] of java) expect(partitionOf(key)).toBe((hash & 0x7fffffff) % 24);
  });
});
