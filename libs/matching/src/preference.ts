import { solveFlow, type Flow } from './flow.js';
import { costAt, penaltyAt, type Network } from './network.js';

/**
 * Of all flows of the same least cost, one whose lines get the variants they prefer most (least sum of ranks over units); what is one
 * line's own goes to it before it goes to another as a substitute. A flow that leaves dear arcs empty, saving arcs full and offers with a
 * rent sold out costs the same, by complementary slackness; among those a second flow with ranks for costs decides. The dual prices stay.
 */
export const preferred = (network: Network, flow: Flow): Flow => {
  const { rank } = network;
  // Where every line gets its own variant there is nothing to better.
  if (rank === undefined || !rank.some((place, a) => place > 0 && flow.quantity[a] > 0)) return flow;
  const { first, offerOf, high } = network;
  const [demand, capacity] = [network.demand.slice(), network.capacity.slice()];
  const open = new Float64Array(high.length);
  const stuck = new Float64Array(high.length);
  // An elementary move touches each line and offer at most once, so no change of ranks outweighs this.
  const weight = 4 * (Math.min(demand.length, capacity.length) + 1) * (rank.reduce((most, place) => Math.max(most, place), 0) + 2);
  const cost = Float64Array.from(rank, (ranked, a) => ranked + (flow.rent[offerOf[a]] > 0 ? 0 : weight));
  const penalty = Float64Array.from(demand, (_, i) => weight + (BigInt(flow.worth[i]) < penaltyAt(network, i) ? weight : weight / 4));
  for (let i = 0; i < demand.length; i += 1)
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      const reduced = reducedCost(network, flow, i, a);
      if (reduced === 0n) open[a] = high[a];
      else if (reduced < 0n) {
        stuck[a] = flow.quantity[a];
        demand[i] -= stuck[a];
        capacity[offerOf[a]] -= stuck[a];
      }
    }
  const moved = solveFlow({ ...network, cost, penalty, demand, capacity, high: open, exact: undefined, fixed: 0n });
  if (moved === undefined) throw new Error('A flow without lower bounds always exists');
  return { ...flow, quantity: moved.quantity.map((units, a) => units + stuck[a]), unmatched: moved.unmatched };
};

const reducedCost = (network: Network, { worth, rent }: Flow, line: number, arc: number): bigint =>
  costAt(network, arc) - BigInt(worth[line]) + BigInt(rent[network.offerOf[arc]]);
