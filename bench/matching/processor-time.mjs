/** Milliseconds of processor time of this process since `process.cpuUsage()` answered `from`. */
export const cpuSince = (from) => {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
};

/** What it answers and how much processor time that took. */
export const timed = (work) => {
  const began = process.cpuUsage();
  const of = work();
  return { of, ms: cpuSince(began) };
};

/** What is short is done again, and the median counts. */
export const oftenEnough = (run) => {
  const runs = [run()];
  while (runs[0].ms < 300 && runs.length < 9) runs.push(run());
  return runs.sort((a, b) => a.ms - b.ms)[runs.length >> 1];
};
