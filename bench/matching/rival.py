# One arm of `npm run bench -- matching`: Google's OR-tools solves the arrays in a folder once for every line it is sent, from fresh each time.
import json
import sys
import time

import numpy as np
import ortools
from ortools.graph.python import min_cost_flow

folder = sys.argv[1]
read = lambda name, kind: np.fromfile(f"{folder}/{name}.bin", dtype=kind)
first, offer_of = read("first", np.int32), read("offerOf", np.int32)
cost, demand, penalty, capacity = (read(name, np.float64).astype(np.int64) for name in ("cost", "demand", "penalty", "capacity"))
lines, offers = len(demand), len(capacity)
degree = np.diff(first)
# Lines, then offers, then the sink, which takes what offers sell and what lines leave unmatched.
tail = np.concatenate([np.repeat(np.arange(lines), degree), np.arange(lines + offers)]).astype(np.int32)
head = np.concatenate([offer_of + lines, np.full(lines + offers, lines + offers)]).astype(np.int32)
room = np.concatenate([np.minimum(np.repeat(demand, degree), capacity[offer_of]), demand, capacity])
unit = np.concatenate([cost, penalty, np.zeros(offers, np.int64)])
supply = np.concatenate([demand, np.zeros(offers, np.int64), [-demand.sum()]])
print(json.dumps({"version": ortools.__version__}), flush=True)
for _ in sys.stdin:
    began, cpu = time.perf_counter(), time.process_time()
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tail, head, room, unit)
    flow.set_nodes_supplies(np.arange(lines + offers + 1, dtype=np.int32), supply)
    built, built_cpu = time.perf_counter(), time.process_time()
    status = flow.solve()
    solved, solved_cpu = time.perf_counter(), time.process_time()
    if status != flow.OPTIMAL:
        raise SystemExit(f"OR-tools did not solve it: {status}")
    flows = flow.flows(arcs)
    used = flows > 0
    # Python's integers have no limit, so the sum is exact.
    objective = sum(int(units) * int(each) for units, each in zip(flows[used], unit[used]))
    print(json.dumps({"build": (built - began) * 1000, "solve": (solved - built) * 1000, "cpu": (solved_cpu - built_cpu) * 1000, "objective": str(objective)}), flush=True)
