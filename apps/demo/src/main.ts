import { startService } from '@peyvand/platform';
import { demo } from './demo.module.js';

await startService(demo);
