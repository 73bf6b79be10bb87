/**
 * The fewest faults that still break the same: one after the other is left out, the latest first, each time in a run on a platform of its own.
 * Real processes do not repeat themselves exactly, so a break that shows itself rarely may end with more faults than it needs.
 * @param broke the run that broke: its faults and the names of what did not hold.
 * @param play runs a list of faults and answers { names, story }; no names: everything held.
 * @param enough whether no further run is to be begun.
 * @returns { faults, story, runs } of the shortest run that broke, or undefined where it did not break again.
 */
export const shrink = async ({ faults, names }, { play, say, enough = () => false }) => {
  let runs = 0;
  const breaks = async (list) => {
    if (enough()) return undefined;
    runs++;
    const told = await play(list);
    const same = told.names.some((name) => names.includes(name));
    say(`  ${list.length === 0 ? 'no fault at all' : list.map(({ kind, atMs }) => `${kind} at ${atMs} ms`).join(', ')}: ${same ? 'breaks' : told.names.length > 0 ? `breaks otherwise (${told.names.join(', ')})` : 'holds'}`);
    return same ? { faults: list, story: told.story } : undefined;
  };
  const none = await breaks([]);
  if (none !== undefined) return { ...none, runs };
  // Once more with everything: a break that comes and goes gets a second chance.
  let shortest = (await breaks(faults)) ?? (await breaks(faults));
  for (let at = faults.length - 1; shortest !== undefined && shortest.faults.length > 1 && at >= 0; at--) {
    const fewer = shortest.faults.filter((fault) => fault !== faults[at]);
    shortest = (await breaks(fewer)) ?? shortest;
  }
  return shortest === undefined ? undefined : { ...shortest, runs };
};
