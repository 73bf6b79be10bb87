import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays, addJalaliMonths, day, dayOf, dayOfJalali, daysBetween, daysOfYear, endOfDay, endOfJalaliMonth, formatJalali, formatJalaliLong, fridaysOnly, instant,
  isDay, isHoliday, isJalaliLeap, isUsableDay, isoOf, jalaliOf, jalaliYearLength, parseJalali, rollForward, settlementDay, startOfDay, viewOf, type Day, type Holiday,
} from './index.js';

describe('Jalali dates', () => {
  it.each([[1403, '2024-03-20'], [1404, '2025-03-21'], [1405, '2026-03-21'], [1407, '2028-03-20'], [1408, '2029-03-20']])(
    'Nowruz of %i is %s',
    (year, gregorian) => {
      expect(dayOfJalali({ year, month: 1, day: 1 })).toBe(gregorian);
      expect(jalaliOf(day(gregorian))).toEqual({ year, month: 1, day: 1 });
    },
  );

  it('the leap years are those of the calendar', () => {
    expect([1399, 1400, 1401, 1402, 1403, 1404, 1405, 1406, 1407, 1408, 1409, 1410, 1411, 1412].filter(isJalaliLeap)).toEqual([1399, 1403, 1408, 1412]);
    expect([jalaliYearLength(1403), jalaliYearLength(1404)]).toEqual([366, 365]);
  });

  it.each([
    ['1405/01/01', '2026-03-21'],
    ['۱۴۰۵/۶/۲۶', '2026-09-17'],
    ['1403-12-30', '2025-03-20'],
    ['1404/12/30', 'jalali-date-does-not-exist'],
    ['1404/13/01', 'jalali-date-does-not-exist'],
    ['2026/03/21', 'jalali-date-malformed'],
    ['1404/1', 'jalali-date-malformed'],
  ])('%s reads as %s', (text, outcome) => {
    const read = parseJalali(text);
    expect(read.ok ? read.value : read.reason).toBe(outcome);
  });

  it('is shown short and long', () => {
    expect(formatJalali(day('2026-03-21'))).toBe('1405/01/01');
    expect(formatJalaliLong(day('2026-09-17'))).toBe('۲۶ شهریور ۱۴۰۵');
  });

  it('months are added by the calendar, to the last day of a shorter one', () => {
    expect(formatJalali(addJalaliMonths(dayOfJalali({ year: 1405, month: 6, day: 31 }), 1))).toBe('1405/07/30');
    expect(formatJalali(addJalaliMonths(dayOfJalali({ year: 1405, month: 10, day: 30 }), 2))).toBe('1405/12/29');
    expect(formatJalali(addJalaliMonths(dayOfJalali({ year: 1405, month: 1, day: 15 }), -1))).toBe('1404/12/15');
    expect(formatJalali(endOfJalaliMonth(dayOfJalali({ year: 1408, month: 12, day: 2 })))).toBe('1408/12/30');
  });

  it('the year has 366 days only when the policy says the Jalali year counts', () => {
    const inLeap = dayOfJalali({ year: 1403, month: 5, day: 1 });
    expect([daysOfYear(365, inLeap), daysOfYear(360, inLeap), daysOfYear('jalali-year', inLeap)]).toEqual([365, 360, 366]);
  });

  it('agrees with the civil calendar on every day from 1300 to 1500', () => {
    let [on, count]: [Day, number] = [dayOfJalali({ year: 1300, month: 1, day: 1 }), 0];
    const end = dayOfJalali({ year: 1501, month: 1, day: 1 });
    const wrong: string[] = [];
    let before = jalaliOf(addDays(on, -1));
    for (; on < end; on = addDays(on, 1), count += 1) {
      const now = jalaliOf(on);
      const follows =
        (now.year === before.year && now.month === before.month && now.day === before.day + 1) ||
        (now.year === before.year && now.month === before.month + 1 && now.day === 1) ||
        (now.year === before.year + 1 && now.month === 1 && now.day === 1);
      if (!follows || dayOfJalali(now) !== on) wrong.push(on);
      before = now;
    }
    expect(wrong).toEqual([]);
    expect(count).toBe(Array.from({ length: 201 }, (_, i) => jalaliYearLength(1300 + i) as number).reduce((a, b) => a + b, 0));
  });

  it('agrees with the calendar of the runtime', () => {
    const persian = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', { timeZone: 'UTC', year: 'numeric', month: 'numeric', day: 'numeric' });
    fc.assert(
      fc.property(fc.integer({ min: -17_000, max: 55_000 }), (days) => {
        const on = addDays(day('1970-01-01'), days);
        const part = Object.fromEntries(persian.formatToParts(new Date(`${on}T00:00:00Z`)).map(({ type, value }) => [type, Number.parseInt(value, 10)]));
        expect(jalaliOf(on)).toEqual({ year: part['year'], month: part['month'], day: part['day'] });
      }),
    );
  });
});

describe('civil days in Tehran', () => {
  it('begin at 20:30 UTC, with no daylight saving since 1401', () => {
    expect(isoOf(startOfDay(dayOfJalali({ year: 1402, month: 1, day: 2 })))).toBe('2023-03-21T20:30:00.000Z');
    expect(dayOf(instant('2023-03-21T20:30:00Z'))).toBe('2023-03-22');
    expect(dayOf(instant('2023-03-21T20:29:59.999Z'))).toBe('2023-03-21');
    expect(dayOf(instant('2026-07-01T20:30:00Z'))).toBe('2026-07-02');
  });

  it('are those of the runtime’s own time zone data', () => {
    const tehran = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Tehran', year: 'numeric', month: '2-digit', day: '2-digit' });
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2022, 9, 1), max: Date.UTC(2060, 0, 1) }), (ms) => expect(dayOf(instant(ms))).toBe(tehran.format(ms))));
  });

  it('are usable where some days more still make a day', () => {
    expect(['1899-12-31', '1900-01-01', '2026-02-30', '2199-12-31', '2200-01-01', '9999-12-31'].map(isUsableDay)).toEqual([false, true, false, true, false, false]);
  });

  it('contain their first and last moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (days) => {
        const on = addDays(day('2022-10-01'), days);
        expect([dayOf(startOfDay(on)), dayOf(endOfDay(on))]).toEqual([on, on]);
      }),
    );
  });

  it('are counted with the start excluded and the end included', () => {
    expect(daysBetween(day('2026-03-21'), day('2026-03-21'))).toBe(0);
    expect(daysBetween(day('2026-03-21'), day('2026-09-17'))).toBe(180);
    expect(daysBetween(day('2026-09-17'), day('2026-03-21'))).toBe(-180);
  });

  it.each([['2026-02-30', false], ['2026-02-28', true], ['2024-02-29', true], ['2026-2-1', false], ['', false], ['2026-13-01', false]])('%j exists: %s', (text, exists) => {
    expect(isDay(text)).toBe(exists);
    if (!exists) expect(() => day(text)).toThrow(RangeError);
  });
});

describe('holidays', () => {
  const announced = (iso: string) => instant(iso);
  const rows: readonly Holiday[] = [
    { date: day('2026-03-21'), scope: 'national', kind: 'official', announcedAt: announced('2025-09-01T00:00:00Z') },
    { date: day('2026-03-22'), scope: 'national', kind: 'official', announcedAt: announced('2025-09-01T00:00:00Z') },
    { date: day('2026-03-23'), scope: 'تهران', kind: 'decreed', announcedAt: announced('2026-03-22T15:00:00Z') },
  ];
  const calendar = { weekend: [5] as const, holidays: rows };

  it('a Friday is one', () => {
    expect(isHoliday(day('2026-11-27'), fridaysOnly)).toBe(true);
    expect(isHoliday(day('2026-11-26'), fridaysOnly)).toBe(false);
  });

  it.each([
    ['2026-03-19', '2026-03-19'],
    ['2026-03-20', '2026-03-24'],
    ['2026-03-21', '2026-03-24'],
    ['2026-03-24', '2026-03-24'],
  ])('%s rolls to %s', (from, to) => expect(rollForward(day(from), calendar)).toBe(to));

  it.each([
    ['of another province', { province: 'یزد' }, '2026-03-23'],
    ['of the province', { province: 'تهران' }, '2026-03-24'],
    ['not yet announced', { province: 'تهران', knownAt: instant('2026-03-22T14:59:00Z') }, '2026-03-23'],
    ['that does not count by policy', { province: 'تهران', decreesCount: false }, '2026-03-23'],
  ])('a decree %s', (_, view, rolled) => expect(rollForward(day('2026-03-20'), viewOf(calendar, view))).toBe(rolled));

  it('settlement days skip days off', () => {
    expect(settlementDay(day('2026-03-19'), 0, calendar)).toBe('2026-03-19');
    expect(settlementDay(day('2026-03-19'), 1, calendar)).toBe('2026-03-24');
    expect(settlementDay(day('2026-03-20'), 1, calendar)).toBe('2026-03-25');
  });

  it('rolling gives the first working day not before, and rolls no further', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.array(fc.integer({ min: 0, max: 400 })), (start, off) => {
        const from = addDays(day('2026-01-01'), start);
        const view = { weekend: [5] as const, holidays: off.map((n) => ({ ...(rows[0] as Holiday), date: addDays(day('2026-01-01'), n) })) };
        const rolled = rollForward(from, view);
        expect(isHoliday(rolled, view)).toBe(false);
        for (let on = from; on < rolled; on = addDays(on, 1)) expect(isHoliday(on, view)).toBe(true);
        expect(rollForward(rolled, view)).toBe(rolled);
      }),
    );
  });

  it('a calendar without working days is a mistake', () => {
    expect(() => rollForward(day('2026-01-01'), { weekend: [0, 1, 2, 3, 4, 5, 6], holidays: [] })).toThrow(RangeError);
  });
});
