import { ImportOrdersHttp } from './import-orders.http.js';
import { OrdersImport1700000000002 } from './store/import-migration.js';
import { ReadImportsHttp } from './read-imports.http.js';
import { RunImport } from './run-import.consumer.js';

/** What the orders module lists of this slice. The read routes come before /api/orders/:id. */
export const importOrders = {
  migrations: [OrdersImport1700000000002],
  controllers: [ImportOrdersHttp, ReadImportsHttp],
  consumers: [RunImport],
};
