import { rials } from '@peyvand/kernel';
import type { Match } from './match.js';

/** A producer's standing word: purchase orders up to this many rials of goods are accepted as they are issued; no ceiling = all. */
export type StandingAcceptance = { readonly sellerId: string; readonly upTo?: string };

/** Is this purchase order one that its producer accepts without looking? */
export const acceptsItself = (instruction: StandingAcceptance | undefined, { sellerId, amount }: Pick<Match, 'sellerId' | 'amount'>): boolean =>
  instruction?.sellerId === sellerId && (instruction.upTo === undefined || rials(amount) <= rials(instruction.upTo));
