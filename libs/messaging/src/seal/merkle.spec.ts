import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { rootOf } from './merkle.js';

const sha = (...parts: Uint8Array[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafOf = (data: Buffer): Buffer => sha(Buffer.of(0), data);

/** RFC 6962 §2.1 word for word. */
const byTheBook = (data: readonly Buffer[]): Buffer => {
  if (data.length === 1) return leafOf(data[0] as Buffer);
  let k = 1;
  while (k * 2 < data.length) k *= 2;
  return sha(Buffer.of(1), byTheBook(data.slice(0, k)), byTheBook(data.slice(k)));
};

describe('the Merkle root', () => {
  it('is that of RFC 6962 for every number of leaves', () => {
    for (let count = 1; count <= 70; count++) {
      const data = Array.from({ length: count }, (_, n) => Buffer.from(`fact ${n} of ${count}`));
      const leaves = Buffer.concat(data.map(leafOf));
      const before = leaves.toString('hex');
      expect(rootOf(leaves).toString('hex')).toBe(byTheBook(data).toString('hex'));
      expect(leaves.toString('hex')).toBe(before);
    }
  });

  it('agrees with the test vectors of the Certificate Transparency reference', () => {
    const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'));
    const rootOfFirst = (count: number): string => rootOf(Buffer.concat(data.slice(0, count).map(leafOf))).toString('hex');
    expect(rootOfFirst(1)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(rootOfFirst(8)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('refuses no leaves and half a leaf', () => {
    expect(() => rootOf(Buffer.alloc(0))).toThrow('whole leaves');
    expect(() => rootOf(Buffer.alloc(33))).toThrow('whole leaves');
  });
});
