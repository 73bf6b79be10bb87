import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

/** Calls `ask` so many times a second, at an even pace whatever the answers take; answers the delays (ms) and statuses. */
export const steady = async (ask, perSecond, seconds) => {
  const [answers, began] = [[], performance.now()];
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = began + (n / perSecond) * 1_000;
    if (due > performance.now()) await sleep(due - performance.now());
    const at = performance.now();
    answers.push(ask().then(({ status }) => ({ status, ms: performance.now() - at })));
  }
  return Promise.all(answers);
};

// As a process of its own, so that whoever floods takes no turn of the loop that measures: argv is the address, the token, the rate, the seconds.
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [address, token, perSecond, seconds] = process.argv.slice(2);
  const ask = async () => {
    try {
      const response = await fetch(address, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(15_000) });
      await response.arrayBuffer();
      return response;
    } catch {
      return { status: 0 };
    }
  };
  const answers = await steady(ask, Number(perSecond), Number(seconds));
  console.log(JSON.stringify({ sent: answers.length, refused: answers.filter(({ status }) => status === 429).length }));
}
