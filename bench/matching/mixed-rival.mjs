// HiGHS in a process of its own, so that its compiler's threads are not counted to us nor ours to it: each message is a programme, answered by
// what it found and how much processor time it took.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { oftenEnough, timed } from './processor-time.mjs';

/** `solve({ data, seconds, gap })` answers `{ ms, found, least }`: milliseconds of processor time, its answer's cost and its bound. */
export const mixedRival = () => {
  const child = fork(fileURLToPath(import.meta.url));
  const ended = once(child, 'exit').then(([code]) => [new Error(`HiGHS ended early, with ${code}`)]);
  return {
    solve: async (programme) => {
      child.send(programme);
      const [answer] = await Promise.race([once(child, 'message'), ended]);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    stop: () => child.kill(),
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { default: load } = await import('highs');
  const highs = await load();
  process.on('message', ({ data, seconds, gap }) => {
    const { of: [found, least], ms } = oftenEnough(() => {
      const model = highs.createModel({ format: 'lp', data });
      for (const [option, value] of [['output_flag', false], ['time_limit', seconds], ['mip_rel_gap', gap]]) model.options.set(option, value);
      const ran = timed(() => model.run());
      const answer = [model.getObjectiveValue(), model.info.get('mip_dual_bound')];
      model.dispose();
      return { ...ran, of: answer };
    });
    process.send({ ms, found, least });
  });
}
