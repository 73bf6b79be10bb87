export { solveMarket } from './solve-market.js';
export { verifyAllocation } from './verify.js';
export { InstanceFaults, readInstance } from './read-instance.js';
export type { InstanceFault } from './read-instance.js';
export { presentValue } from './present-value.js';
export { defaultPolicy } from './instance.js';
export type { CivilDay, FillPolicy, Grade, MarketInstance, MarketLine, MarketOffer, MatchingPolicy, PaymentTerms, Quote, Rials } from './instance.js';
export type { Allocation, Certificate, Cure, LineMatch, Obstacle, Quality, RunnerUp, UnmatchedLine, UnmatchedReason } from './allocation.js';
