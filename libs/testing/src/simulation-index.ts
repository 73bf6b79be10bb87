export { at, idOf, scheduleFrom, trialOf } from './simulation.js';
export type { Outcome, Schedule, Step } from './simulation.js';
export { SimulatedTime } from './simulated-time.js';
