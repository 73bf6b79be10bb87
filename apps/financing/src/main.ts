import { startService } from '@peyvand/platform';
import { financing } from './financing.module.js';

await startService(financing);
