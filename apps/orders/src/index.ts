export { orders } from './orders.module.js';
