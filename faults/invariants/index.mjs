import { heard, inOrder, newFacts, onlyOnce, told, toldOn } from './facts.mjs';
import { accounted, everybodyKnows, nothingForgotten, notOversold } from './goods.mjs';
import { balanced, limitsHold, oneClaim, paidOnce } from './money.mjs';
import { caused, sealed } from './seals.mjs';
import { clocksKept, ownPoisonOnly } from './waiting.mjs';

export const invariants = [told, inOrder, heard, toldOn, onlyOnce, caused, sealed, nothingForgotten, accounted, notOversold, everybodyKnows, balanced, oneClaim, limitsHold, paidOnce, ownPoisonOnly, clocksKept];

/** Checks all from outside; answers [name, unit, rows looked at, broken rows] of each. `scene` carries what was checked before. */
export const checkAll = async (scene) => {
  const fresh = await newFacts(scene);
  const answers = [];
  for (const { name, unit, check } of invariants) {
    const { looked, broken } = await check({ ...scene, fresh });
    answers.push({ name, unit, looked, broken });
  }
  return answers;
};
