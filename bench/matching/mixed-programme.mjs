// The same whole problem as a mixed-integer programme for HiGHS: x units of a pair, n its lots, z whether it is used, y whether an offer is, u what a line leaves.

/** CPLEX LP text of one part. `network` is the engine's own arrays, `market` says what must be whole. Costs are rials, so that doubles are kind to it. */
export function asMixedProgramme(market, network) {
  const { first, offerOf, offerIndex, lineIndex, cost, high, demand, capacity, penalty } = network;
  const offerAt = (j) => market.offers[offerIndex[j]];
  const [objective, rows, whole, binary, bounds] = [[], [], [], [], []];
  const row = (terms, rest) => rows.push(`${terms.join(' + ').replaceAll('+ -', '- ')} ${rest}`);
  const sold = Array.from(capacity, () => []);
  demand.forEach((units, i) => {
    const { line, mostOfSeller, leastFill } = market.lines[lineIndex[i]];
    objective.push(`${penalty[i] / 1000} u${i}`);
    const [terms, bySeller] = [[`u${i}`], new Map()];
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      const { offer, least } = offerAt(offerOf[a]);
      objective.push(`${cost[a] / 1000} x${a}`);
      terms.push(`x${a}`);
      sold[offerOf[a]].push(`x${a}`);
      const seller = bySeller.get(offer.sellerId) ?? bySeller.set(offer.sellerId, []).get(offer.sellerId);
      seller.push(a);
      if (offer.lot > 1) {
        whole.push(`n${a}`);
        row([`x${a}`, `-${offer.lot} n${a}`], '= 0');
      }
      const used = least > offer.lot || line.maximumSuppliers !== undefined;
      if (used) {
        binary.push(`z${a}`);
        row([`x${a}`, `-${high[a]} z${a}`], '<= 0');
        if (least > 1) row([`x${a}`, `-${least} z${a}`], '>= 0');
      }
      if (offerAt(offerOf[a]).fixed > 0n) row(used ? [`z${a}`, `-1 y${offerOf[a]}`] : [`x${a}`, `-${high[a]} y${offerOf[a]}`], '<= 0');
      else bounds.push(`x${a} <= ${high[a]}`);
    }
    row(terms, `= ${units}`);
    if (leastFill > 0) {
      // w: whether anything of the line is matched; then at least so much, else nothing.
      binary.push(`w${i}`);
      row([`u${i}`, `${leastFill} w${i}`], `<= ${units}`);
      row([`u${i}`, `${units} w${i}`], `>= ${units}`);
    }
    if (line.shareCap !== undefined) for (const arcs of bySeller.values()) if (arcs.length > 1) row(arcs.map((a) => `x${a}`), `<= ${mostOfSeller}`);
    if (line.maximumSuppliers !== undefined) {
      const sellers = [...bySeller.values()].map((arcs, n) => {
        if (arcs.length === 1) return `z${arcs[0]}`;
        binary.push(`s${i}_${n}`);
        for (const a of arcs) row([`z${a}`, `-1 s${i}_${n}`], '<= 0');
        return `s${i}_${n}`;
      });
      row(sellers, `<= ${line.maximumSuppliers}`);
    }
  });
  sold.forEach((terms, j) => {
    const { fixed } = offerAt(j);
    if (fixed === 0n) return row(terms, `<= ${capacity[j]}`);
    binary.push(`y${j}`);
    objective.push(`${Number(fixed) / 1000} y${j}`);
    row([...terms, `-${capacity[j]} y${j}`], '<= 0');
  });
  const wrap = (text) => text.replace(/((?:\S+ ){60})/g, '$1\n  ');
  return `Minimize\n obj: ${wrap(objective.join(' + '))}\nSubject To\n${rows.map((text) => ` ${wrap(text)}`).join('\n')}\nBounds\n${bounds.map((text) => ` ${text}`).join('\n')}\n`
    + `${whole.length > 0 ? `General\n ${wrap(whole.join(' '))}\n` : ''}${binary.length > 0 ? `Binary\n ${wrap(binary.join(' '))}\n` : ''}End\n`;
}
