export { at, idOf, playOf, scheduleFrom, trialOf } from './simulation.js';
export type { Holds, Outcome, Play, Schedule, Step } from './simulation.js';
export { alone, topicsOf } from './simulated-topics.js';
export type { Beside, Hears } from './simulated-topics.js';
export { SimulatedTime } from './simulated-time.js';
