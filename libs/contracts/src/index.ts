export { contractOf, factContracts } from './catalogue.js';
export { everyone, partiesOf, partitions, topicOf, visibleTo } from './contract.js';
export type { Audience, DataOf, Fact, FactContract, NewFact, Service } from './contract.js';
export type { FillPolicy, GoodsLine, MatchLine, PaymentTerms, Place, Price } from './schema.js';
export * from './producers.js';
export * from './retailers.js';
export * from './orders.js';
export * from './delivery.js';
export * from './financing.js';
