/** How a buyer wants a line spread over producers; what is left out does not limit. */
export type Sourcing = {
  /** At least so many units are matched, or none. */
  readonly minimumFill?: number;
  readonly maximumSuppliers?: number;
  /** No producer gets more than so many per cent of the line. */
  readonly shareCap?: number;
  /** In the order the buyer likes them; weighs only where the operator's policy gives preference a premium. */
  readonly preferredSellers?: readonly string[];
  /** Producers that got nothing may learn the rounded band by which they missed the line. */
  readonly tellsLosers?: boolean;
};

const fields: readonly (keyof Sourcing)[] = ['minimumFill', 'maximumSuppliers', 'shareCap', 'preferredSellers', 'tellsLosers'];

/** What a line says of its sourcing; empty where nothing. */
export const sourcingOf = (line: Sourcing): Sourcing => Object.fromEntries(fields.flatMap((field) => (line[field] === undefined ? [] : [[field, line[field]]])));

type Rest = Sourcing & { readonly matched: number; readonly waiting: number };

/** What is left of a line's wishes for the rest that waits, of which sellers hold `held` units from earlier rounds. */
export const sourcingOfRest = (line: Rest, held: Readonly<Record<string, number>> | undefined): Sourcing & { readonly held?: Readonly<Record<string, number>> } => {
  const { minimumFill = 0, ...limits } = sourcingOf(line);
  const missing = Math.min(line.waiting, minimumFill - line.matched);
  return { ...limits, ...(missing > 1 ? { minimumFill: missing } : {}), ...(held === undefined ? {} : { held }) };
};
