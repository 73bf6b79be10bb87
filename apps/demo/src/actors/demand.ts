import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** The shape of one real order: how much of each line was asked, relative to the usual line of its file. */
export type OrderShape = { readonly lines: readonly number[] };

const usualQuantity = 12;
const mostLines = 5;
const mostShapes = 400;

/**
 * The rhythm of real demand (data/retail-order-lines-2011-09.csv.gz): how many lines an order has and how its quantities spread. What is
 * bought and at which price is the demo's own. Returns and cancelled invoices are left out; every 4th order is kept.
 */
export const readDemand = async (file: URL): Promise<OrderShape[]> => {
  const shapes: OrderShape[] = [];
  let [invoice, lines, seen]: [string, number[], number] = ['', [], 0];
  const keep = (): void => {
    if (lines.length > 0 && seen++ % 4 === 0) shapes.push({ lines: lines.slice(0, mostLines) });
  };
  const input = createReadStream(file).pipe(createGunzip());
  for await (const row of createInterface({ input, crlfDelay: Infinity })) {
    const [number = '', , ...rest] = row.split(',');
    // Descriptions may hold commas: quantity is the fifth field from the end.
    const quantity = Number(rest.at(-5));
    if (!/^\d+$/.test(number) || !(quantity > 0)) continue;
    if (number !== invoice) {
      keep();
      [invoice, lines] = [number, []];
    }
    if (lines.length < mostLines) lines.push(Math.min(6, Math.max(0.2, quantity / usualQuantity)));
    if (shapes.length >= mostShapes) break;
  }
  keep();
  input.destroy();
  return shapes;
};
