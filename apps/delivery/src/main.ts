import { startService } from '@peyvand/platform';
import { delivery } from './delivery.module.js';

await startService(delivery);
