import { addHours, basisPoints, endOfDay, fridaysOnly, instant, rateAt, rials, rollForward, stampDutyOn, stampDutyRates, startOfDay, vatOn, vatRates, type Day, type HolidayCalendar, type Instant, type Money } from '@peyvand/kernel';

/** Days in a year in the debt-purchase formula (circular 141696/90; 366 in leap years is another policy). */
export const yearDays = 365;

/** The longest term a bank buys; policy, because no text of law was found for it. */
export const maxTenorDays = 365;

/** How long accepted paper stays open to bids, in days of the business clock. */
export const biddingDays = 5;

/** The legal calendar. Dated holidays are data that an operator loads; until then Friday is the one day off. */
export const legalHolidays: HolidayCalendar = fridaysOnly;

export const bidUntilOf = (acceptedAt: Instant): Instant => addHours(acceptedAt, 24 * biddingDays);

/** When the debtor is asked to pay: eight in the morning of the pay day, or now when that has passed. */
export const payMomentOf = (dueOn: Day, now: Instant): Instant => later(addHours(startOfDay(rollForward(dueOn, legalHolidays)), 8), now);

/** The first moment at which a protest is too late. */
export const protestLostAt = (protestBy: Day): Instant => instant(endOfDay(protestBy) + 1);

/** What a match on account may come to once it is invoiced: goods and the tax of the day. */
export const coverOf = (goods: Money, on: Day): Money => rials(goods + vatOn(goods, rateAt(vatRates, on)?.rate ?? basisPoints(0)));

/** When the debtor is asked again by whoever paid in its place. */
export const askAgainAt = (now: Instant): Instant => addHours(now, 24 * 10);

/** When a bank that did not know yet is asked again. */
export const bankAgainAt = (now: Instant): Instant => addHours(now, 1);

export const stampDutyFor = (face: Money, on: Day): Money => stampDutyOn(face, rateAt(stampDutyRates, on)?.rate ?? basisPoints(0));

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
