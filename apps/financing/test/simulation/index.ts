export { hears } from './hears.js';
export { kinds } from './schedule.js';
export type { Does } from './schedule.js';
export { holdsOf } from './simulate.js';
export { World } from './world.js';
