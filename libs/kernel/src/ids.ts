import { randomUUID } from 'node:crypto';

/** A party: producer, network, funder, carrier, union, sponsor. Everything that may be seen or owed belongs to one. */
export type PartyId = string & { readonly __brand: 'PartyId' };

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => pattern.test(text);

let lastMs = 0;
let sequence = 0;

/**
 * A UUIDv7 (RFC 9562 §5.7): sorts by wall time, so indexes stay warm. Inside one process ids are strictly ascending:
 * the 12 bits after the version count within the millisecond. Node keeps random bytes for UUIDs in store; asking for some is a system call.
 */
export const newId = (wallMs: number = Date.now()): string => {
  const random = randomUUID();
  if (wallMs > lastMs) [lastMs, sequence] = [wallMs, Number.parseInt(random.slice(0, 2), 16)];
  else if (++sequence > 0xfff) [lastMs, sequence] = [lastMs + 1, 0];
  const time = lastMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${random.slice(19)}`;
};
