export { testService, testServices } from './test-service.js';
export type { TestApp, TestOptions, TestPlatform } from './test-service.js';
export type { Span, TestClock } from './test-clock.js';
export { cloneOf, dropDatabase, emptyDatabase } from './test-database.js';
export type { TestDatabase } from './test-database.js';
export type { CallOptions, Person, Reply } from './test-http.js';
export { aParty, audience, issuer, testKeys } from './test-keys.js';
export type { Actor, TestKeys } from './test-keys.js';
