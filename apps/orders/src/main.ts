import { startService } from '@peyvand/platform';
import { orders } from './orders.module.js';

await startService(orders);
