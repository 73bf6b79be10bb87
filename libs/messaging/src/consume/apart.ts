import type { Fact } from '@peyvand/contracts';
import { codeOf } from '../errors.js';
import { originOf } from './fact-failed.js';

/** Keys under way at once: enough to fill each packet to the database, few enough to stop soon after a failure. */
const lanes = 64;

/**
 * Handles facts several at once, each key's one after the other in their order. After a failure nothing new begins; throws it once
 * nothing is under way any more. All share one transaction, so the first failed statement fails whatever others sent after it: what
 * is thrown is the failure itself and not its echo.
 */
export const keysAbreast = async (facts: readonly Fact[], one: (fact: Fact) => Promise<void>): Promise<void> => {
  const keys = byKey(facts).values();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const ofKey of keys) {
      for (const fact of ofKey) {
        if (failures.length > 0) return;
        await one(fact).catch((error: unknown) => failures.push(error));
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures.find((error) => codeOf(originOf(error)) !== alreadyFailed) ?? failures[0];
};

/** SQLSTATE in_failed_sql_transaction. */
const alreadyFailed = '25P02';

const byKey = (facts: readonly Fact[]): Map<string, Fact[]> => {
  const keys = new Map<string, Fact[]>();
  for (const fact of facts) {
    const ofKey = keys.get(fact.key);
    if (ofKey === undefined) keys.set(fact.key, [fact]);
    else ofKey.push(fact);
  }
  return keys;
};
