export { edge } from './edge.module.js';
