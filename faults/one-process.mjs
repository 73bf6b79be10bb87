// Every service in this process on the embedded broker, as `npm start` runs them, but on a Postgres that is given: the process is what the rig kills.
import { startServices } from '@peyvand/platform';
import { delivery } from '../apps/delivery/dist/index.js';
import { edge } from '../apps/edge/dist/index.js';
import { financing } from '../apps/financing/dist/index.js';
import { orders } from '../apps/orders/dist/index.js';
import { producers } from '../apps/producers/dist/index.js';
import { retailers } from '../apps/retailers/dist/index.js';

await startServices([producers, retailers, orders, financing, delivery, edge]);
