import { describe, expect, it } from '@jest/globals';
import { readDeliveryConfig } from './delivery.config.js';

describe('delivery’s configuration', () => {
  it.each<[string, Record<string, string>, object]>([
    ['nothing said', {}, { demo: false, graceDays: 30, sms: { kind: 'none' }, tax: { kind: 'none' } }],
    ['a demonstration', { DEMO: 'true' }, { demo: true, graceDays: 720, sms: { kind: 'simulator' }, tax: { kind: 'simulator' } }],
    ['a file for messages', { DELIVERY_SMS: 'file', DELIVERY_SMS_FILE: '/var/spool/sms.jsonl' }, { sms: { kind: 'file', path: '/var/spool/sms.jsonl' } }],
    ['a folder for tax documents', { DEMO: 'true', DELIVERY_TAX: 'file', DELIVERY_TAX_FOLDER: '/exchange/tax' }, { tax: { kind: 'file', folder: '/exchange/tax' } }],
    ['empty variables', { DELIVERY_SMS: '', DELIVERY_TAX: '', DELIVERY_GRACE_DAYS: '' }, { graceDays: 30, sms: { kind: 'none' } }],
    ['a patience of its own', { DELIVERY_GRACE_DAYS: '7' }, { graceDays: 7 }],
  ])('with %s', (_what, env, expected) => {
    expect(readDeliveryConfig(env)).toMatchObject(expected);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['the simulator outside a demonstration', { DELIVERY_SMS: 'simulator' }, /DELIVERY_SMS: the simulator is for DEMO=true only/],
    ['a file without its name', { DELIVERY_SMS: 'file' }, /DELIVERY_SMS_FILE: is missing/],
    ['the simulated tax system outside a demonstration', { DELIVERY_TAX: 'simulator' }, /DELIVERY_TAX: the simulator is for DEMO=true only/],
    ['tax documents without their folder', { DELIVERY_TAX: 'file' }, /DELIVERY_TAX_FOLDER: is missing/],
    ['everything wrong at once', { DELIVERY_SMS: 'pigeon', DELIVERY_GRACE_DAYS: '0' }, /DELIVERY_SMS: must be[\s\S]*DELIVERY_GRACE_DAYS/],
  ])('refuses %s', (_what, env, fault) => {
    expect(() => readDeliveryConfig(env)).toThrow(fault);
  });
});
