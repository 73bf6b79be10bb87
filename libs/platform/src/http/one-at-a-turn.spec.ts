import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { oneAtATurn } from './one-at-a-turn.js';

it('what others have ready comes between two pieces, and pieces keep their order', async () => {
  const done: string[] = [];
  const lastInLine = oneAtATurn();
  for (const refusal of ['first', 'second', 'third']) lastInLine(() => done.push(refusal));
  expect(done).toEqual([]);
  for (const request of ['ready', 'ready too']) {
    setImmediate(() => done.push(request));
    await turn();
  }
  await turn();
  await turn();
  expect(done).toEqual(['first', 'ready', 'second', 'ready too', 'third']);
  lastInLine(() => done.push('later'));
  await turn();
  expect(done.at(-1)).toBe('later');
});
