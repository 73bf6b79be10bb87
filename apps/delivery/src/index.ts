export { delivery } from './delivery.module.js';
