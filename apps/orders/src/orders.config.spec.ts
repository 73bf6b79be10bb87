import { afterEach, describe, expect, it } from '@jest/globals';
import { readSettings } from './orders.config.js';

describe('the settings of orders', () => {
  afterEach(() => {
    delete process.env['ORDERS_MATCHING_POLICY'];
    delete process.env['ORDERS_ROUND_LINES'];
  });

  it('take a matching policy as JSON', () => {
    process.env['ORDERS_MATCHING_POLICY'] = '{"fairness":{"floorShare":30,"tolerance":50}}';
    expect(readSettings().matching).toEqual({ fairness: { floorShare: 30, tolerance: 50 } });
  });

  it('name everything that is wrong, with its path', () => {
    process.env['ORDERS_ROUND_LINES'] = 'many';
    process.env['ORDERS_MATCHING_POLICY'] = '{"fairness":{"floorShare":130},"ceilngCovers":"price"}';
    expect(() => readSettings()).toThrow(/ORDERS_ROUND_LINES must be[\s\S]*policy\.fairness\.floorShare must be a whole number from 0 to 100[\s\S]*policy\.fairness\.tolerance is missing[\s\S]*policy\.ceilngCovers is no field/);
    process.env['ORDERS_MATCHING_POLICY'] = 'none';
    expect(() => readSettings()).toThrow('ORDERS_MATCHING_POLICY must be JSON');
  });
});
