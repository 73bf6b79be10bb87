import { startService } from '@peyvand/platform';
import { edge } from './edge.module.js';

await startService(edge);
