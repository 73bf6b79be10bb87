import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(600_000);

// Test support of the messaging library, not part of its package: found by its address.
const { kafkaAvailable } = await import(new URL('../../../libs/messaging/kafka/start-kafka.mjs', import.meta.url).href) as { kafkaAvailable(): Promise<string | undefined> };
const available = await kafkaAvailable();
const required = process.env['CI'] === 'true';
if (available === undefined && !required) console.warn('SKIPPED: faults over one process per service on a real Kafka. Install Java and Maven, or set KAFKA_BROKERS.');

/** `npm run faults` as an operator runs it; answers its exit code and what it said. */
const faults = (...args: readonly string[]): Promise<{ code: number | string; said: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [fileURLToPath(new URL('../../../tools/faults.mjs', import.meta.url)), ...args], { timeout: 580_000, maxBuffer: 1e8 }, (error, out, err) => {
      const said = `${out}${err}`;
      // Whoever reads a failed run wants the seed and the story.
      if (error !== null) process.stderr.write(said);
      resolve({ code: error === null ? 0 : (error.code ?? 1), said });
    });
  });

describe('the fault rig', () => {
  // The controls have their own databases and reckon while the rig mostly waits.
  let controls: ReturnType<typeof faults>;
  beforeAll(() => {
    controls = faults('--control', 'all');
  });
  afterAll(() => controls);

  it('kills everything in one process, and every order comes to its end', async () => {
    const { code, said } = await faults('--runs', '1', '--seed', '1', '--embedded', '--no-shrink');
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('0 lost, 0 doubled, 0 out of order, 0 oversold') });
  });

  (available === undefined && !required ? it.skip : it)('kills services, the broker and the database while they trade', async () => {
    const { code, said } = await faults('--runs', '1', '--seed', '1', '--quick', '--no-shrink');
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('0 lost, 0 doubled, 0 out of order, 0 oversold') });
  });

  it('notices every part that is wrong on purpose', async () => {
    const { code, said } = await controls;
    expect({ code, said }).toEqual({ code: 0, said: expect.not.stringContaining('MISSED') });
    for (const name of ['relay-by-id-cursor', 'inbox-off', 'offset-before-effect', 'two-transactions', 'save-on-stale-version', 'capacity-outside-lease', 'idempotency-check-then-do', 'checker']) expect(said).toContain(`caught  ${name}`);
  });

  it('says how it is used', async () => {
    expect(await faults('--runs', 'many')).toEqual({ code: 2, said: expect.stringContaining('Usage: npm run faults') });
    expect(await faults('--control', 'nothing')).toEqual({ code: 2, said: expect.stringMatching(/There is no control "nothing"\. all \| relay-by-id-cursor/) });
  });
});
