export { tallyOf } from './rows.js';
export { hears } from './outcomes.js';
export { begin, kinds } from './schedule.js';
export type { Does } from './schedule.js';
export { holdsOf } from './simulate.js';
export { World } from './world.js';
