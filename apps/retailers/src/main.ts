import { startService } from '@peyvand/platform';
import { retailers } from './retailers.module.js';

await startService(retailers);
