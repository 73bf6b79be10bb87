export { retailers } from './retailers.module.js';
