import { describe, expect, it } from '@jest/globals';
import { readConfig, tellServices } from './all-in-one.config.js';

describe('what npm start is told', () => {
  it('stays on the loopback address and beside the code unless told otherwise', () => {
    expect(readConfig([], '/srv/peyvand', {})).toEqual({ port: 8080, host: '127.0.0.1', dataFolder: '/srv/peyvand/.peyvand', world: true, reset: false, clockRate: 172_800 });
    expect(readConfig(['--empty', '--reset'], '/srv', { PORT: '9000', HOST: '0.0.0.0', PEYVAND_DATA: '/data' })).toMatchObject({ port: 9000, host: '0.0.0.0', dataFolder: '/data', world: false, reset: true });
  });

  it('every fault is named at once', () => {
    expect(readConfig(['--rest'], '/srv', { PORT: 'x', PEYVAND_CLOCK_RATE: '0' })).toEqual({ faults: [expect.stringContaining('--rest'), expect.stringContaining('PORT'), expect.stringContaining('PEYVAND_CLOCK_RATE')] });
  });

  it('services hear that this is a demo, and what the user set stays', () => {
    const env: NodeJS.ProcessEnv = { LOG_LEVEL: 'debug', NODE_ENV: 'production' };
    const config = readConfig([], '/srv', {});
    if ('faults' in config) throw new Error('faults');
    tellServices(config, 'postgres://here/postgres', { key: 'a key', anchors: '/data/anchors.jsonl' }, env);
    expect(env).toMatchObject({ DEMO: 'true', BROKER: 'embedded', DATABASE_URL: 'postgres://here/postgres', LOG_LEVEL: 'debug', DEMO_WORLD: 'full' });
  });
});
