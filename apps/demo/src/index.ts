export { demo } from './demo.module.js';
