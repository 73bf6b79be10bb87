export { run } from './main.js';
export type { Everything, RunOptions } from './main.js';
