import { parentPort } from 'node:worker_threads';

import { workThrough, type Errand } from './crew.js';

parentPort?.on('message', (errand: Errand) => {
  workThrough(errand);
});
