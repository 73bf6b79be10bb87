export { financing } from './financing.module.js';
