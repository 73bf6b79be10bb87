export { producers } from './producers.module.js';
