/** A moment of the business clock, in milliseconds since 1970-01-01T00:00Z. */
export type Instant = number & { readonly __brand: 'Instant' };

/** A civil day in Asia/Tehran, written YYYY-MM-DD (Gregorian). Terms, maturities and legal clocks count in these. */
export type Day = string & { readonly __brand: 'Day' };

export const instant = (value: string | number | Date): Instant => {
  const ms = typeof value === 'number' ? value : new Date(value).getTime();
  if (!Number.isFinite(ms)) throw new RangeError(`Not a moment: ${String(value)}`);
  return ms as Instant;
};

export const isoOf = (at: Instant): string => new Date(at).toISOString();

// Iran has had no daylight saving since 1401, so +03:30 holds for every moment the platform stores, whatever tzdata the runtime carries.
const tehranOffsetMs = 12_600_000;

/** The civil day in Tehran at that moment. */
export const dayOf = (at: Instant): Day => new Date(at + tehranOffsetMs).toISOString().slice(0, 10) as Day;

const dayMs = 86_400_000;

/** Checks that the day exists (2026-02-30 does not). */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

/** A day that people trade by, 1900 to 2199. Others exist, but with some days added their year may have other than four digits. */
export const isUsableDay = (text: string): boolean => isDay(text) && text >= '1900' && text < '2200';

export const day = (text: string): Day => {
  if (!isDay(text)) throw new RangeError(`Not a civil day: ${text}`);
  return text as Day;
};

export const addDays = (from: Day, days: number): Day =>
  new Date(Date.parse(`${from}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10) as Day;

/** Whole days from `from` to `to`: the start is excluded and the end included, so a day to itself is 0 (domain: n = maturity − purchase date). */
export const daysBetween = (from: Day, to: Day): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);

/** The moment a civil day begins in Tehran. */
export const startOfDay = (on: Day): Instant => (Date.parse(`${on}T00:00:00Z`) - tehranOffsetMs) as Instant;

export const endOfDay = (on: Day): Instant => (startOfDay(addDays(on, 1)) - 1) as Instant;

export const addHours = (at: Instant, hours: number): Instant => (at + hours * 3_600_000) as Instant;
