import type { Caller } from '@peyvand/platform';

// A producer that buys inputs is a small house: whoever runs it may stand in for its storekeeper and its buyer, never for its approver.

/** May count goods that come to its party. */
export const isStorekeeper = ({ roles }: Caller): boolean => roles.includes('storekeeper') || roles.includes('producer');

/** May check an invoice as the first of two persons. */
export const isMaker = ({ roles }: Caller): boolean => roles.includes('buyer') || roles.includes('producer');
