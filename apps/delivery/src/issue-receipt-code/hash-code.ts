import { createHash, randomInt } from 'node:crypto';

/** Six random digits. */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/**
 * The form a code is kept in. A hash of six digits only keeps eyes off it: what protects the door is that a code dies after five wrong
 * tries, after three days and after its use. The shipment's id makes equal codes of two shipments differ.
 */
export const hashCode = (shipmentId: string, code: string): string => createHash('sha256').update(`${shipmentId}:${code}`).digest('base64url');
