// HiGHS beside us, as WebAssembly from npm: the same continuous problem, written as a linear programme.
import { readFile } from 'node:fs/promises';

/** Answers a function of a market to milliseconds and objective; each call has a fresh instance, whose start is not counted. */
export async function highsArm() {
  const { default: load } = await import('highs');
  const { version } = JSON.parse(await readFile(new URL('../../node_modules/highs/package.json', import.meta.url), 'utf8'));
  return {
    version,
    solve: async (market) => {
      const highs = await load();
      const text = asProgramme(market);
      const began = performance.now();
      const { Status, ObjectiveValue } = highs.solve(text);
      return { solve: performance.now() - began, status: Status, objective: ObjectiveValue };
    },
  };
}

/** CPLEX LP text; x is a pair, u what a line leaves unmatched. */
export function asProgramme({ first, offerOf, cost, demand, capacity, penalty }) {
  const objective = [];
  const met = [];
  const sold = Array.from(capacity, () => []);
  demand.forEach((units, i) => {
    const terms = [`u${i}`];
    objective.push(`${penalty[i]} u${i}`);
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      objective.push(`${cost[a]} x${a}`);
      terms.push(`x${a}`);
      sold[offerOf[a]].push(`x${a}`);
    }
    met.push(`d${i}: ${terms.join(' + ')} = ${units}`);
  });
  const limits = sold.flatMap((terms, j) => (terms.length === 0 ? [] : [`c${j}: ${terms.join(' + ')} <= ${capacity[j]}`]));
  // The reader of HiGHS takes lines of bounded length.
  return `Minimize\n obj: ${wrapped(objective, ' + ')}\nSubject To\n${[...met, ...limits].map((row) => ` ${wrapped(row.split(' + '), ' + ')}`).join('\n')}\nEnd\n`;
}

const wrapped = (terms, joint) => {
  const rows = [];
  for (let n = 0; n < terms.length; n += 20) rows.push(terms.slice(n, n + 20).join(joint));
  return rows.join(`${joint.trimEnd()}\n  `);
};
