import type { Role } from '@peyvand/platform';

/** Everyone who is signed in, whatever the role. */
export const signedIn: readonly [Role, ...Role[]] = ['buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'funder', 'carrier', 'union', 'sponsor', 'operator'];
