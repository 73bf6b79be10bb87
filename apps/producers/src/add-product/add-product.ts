import { refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { listProduct, type Product } from '../domain/product.js';
import { findProducer } from '../store/producer.store.js';
import { insertProducts, takenFaults } from '../store/product.store.js';

export type AddProductRefusal = 'producer-not-found' | 'product-faulty' | 'catalogue-changed-meanwhile';

/** Lists a product in its market. An unverified producer may: a product alone can be matched with nothing. */
export const addProduct = async (tx: Tx, product: Product): Promise<{ ok: true; product: Product } | Refused<AddProductRefusal>> => {
  if ((await findProducer(tx, product.producerId)) === undefined) return refuse('producer-not-found');
  const decision = listProduct(product);
  if (!decision.ok) return decision;
  const errors = await takenFaults(tx, product.producerId, [{ product, at: '' }]);
  if (errors.length > 0) return refuse('product-faulty', { errors });
  if (!(await insertProducts(tx, product.producerId, [product]))) return refuse('catalogue-changed-meanwhile');
  await tx.publish(decision.events);
  return { ok: true, product };
};
