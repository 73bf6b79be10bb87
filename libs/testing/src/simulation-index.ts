export { at, idOf, playOf, scheduleFrom, trialOf } from './simulation.js';
export type { Holds, Outcome, Schedule, Step } from './simulation.js';
export { SimulatedTime } from './simulated-time.js';
