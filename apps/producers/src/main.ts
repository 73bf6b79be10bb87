import { startService } from '@peyvand/platform';
import { producers } from './producers.module.js';

await startService(producers);
