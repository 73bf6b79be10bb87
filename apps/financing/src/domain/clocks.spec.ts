import { describe, expect, it } from '@jest/globals';
import { addDays, day, dayOf, endOfDay, instant, isHoliday, type Day, type Holiday, type HolidayCalendar } from '@peyvand/kernel';
import fc from 'fast-check';
import { dishonour, loseRecourse, mature, protest, statuses } from './barat.js';
import { clocksOf, payDayOf, protestByOf } from './clocks.js';
import { accepted, acceptedPaper, bankA, drawnOn, endorsedTo, maturity, paperAt, supplier } from './examples.js';

const off = (...days: readonly string[]): HolidayCalendar => ({
  weekend: [5],
  holidays: days.map((d): Holiday => ({ date: day(d), scope: 'national', kind: 'official', announcedAt: instant('2026-01-01T00:00:00Z') })),
});

/** 2026-12-12 is a Saturday. */
describe('pay day and protest', () => {
  it.each<readonly [string, Day, HolidayCalendar, string, string]>([
    ['no holiday', maturity, off(), '2026-12-12', '2026-12-22'],
    ['maturity on a Friday', day('2026-12-11'), off(), '2026-12-12', '2026-12-22'],
    ['maturity on a holiday (244)', maturity, off('2026-12-12', '2026-12-13'), '2026-12-14', '2026-12-24'],
    ['the tenth day on a holiday (281)', maturity, off('2026-12-22'), '2026-12-12', '2026-12-23'],
    ['the tenth day before a long weekend', day('2026-12-14'), off('2026-12-24', '2026-12-26'), '2026-12-14', '2026-12-27'],
  ])('%s', (_, due, holidays, payDay, protestBy) => {
    expect([payDayOf({ maturity: due }, holidays), protestByOf({ maturity: due }, holidays)]).toEqual([payDay, protestBy]);
  });

  it('recourse is lost on the day after the last, and never on a day when protest was possible, whatever the holidays', () => {
    const holidaySets = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 });
    fc.assert(
      fc.property(holidaySets, fc.integer({ min: 0, max: 6 }), (set, shift) => {
        const due = addDays(maturity, shift);
        const holidays = off(...set.map((n) => addDays(maturity, n)));
        const payDay = payDayOf({ maturity: due }, holidays);
        const unpaid = accepted(dishonour(accepted(mature({ ...endorsedTo(acceptedPaper(), bankA, drawnOn), maturity: due }, payDay, holidays)), 'no-funds', payDay));
        const by = protestByOf(unpaid, holidays);
        expect(isHoliday(by, holidays)).toBe(false);
        for (let on = payDay; on <= addDays(by, 3); on = addDays(on, 1)) {
          expect(protest(unpaid, on, holidays).ok).toBe(on <= by);
          expect(loseRecourse(unpaid, on, holidays).ok).toBe(on > by);
        }
        for (let on = addDays(payDay, 10); on < by; on = addDays(on, 1)) expect(isHoliday(on, holidays)).toBe(true);
      }),
    );
  });
});

describe('the clocks that run', () => {
  it.each([
    ['drawn', []],
    ['presented', [['answer', 235, '2026-09-14']]],
    ['accepted', [['pay', 244, '2026-12-12']]],
    ['refused', []],
    ['matured', [['protest', 280, '2026-12-22']]],
    ['part-paid', [['protest', 280, '2026-12-22']]],
    ['not-paid', [['protest', 280, '2026-12-22']]],
    ['paid', []],
    ['protested', [['notice', 284, '2026-12-25'], ['suit', 286, '2027-12-15'], ['prescription', 318, '2031-12-15']]],
    ['notified', [['suit', 286, '2027-12-15'], ['prescription', 318, '2031-12-15']]],
    ['recourse', [['suit', 286, '2027-12-15'], ['prescription', 318, '2031-12-15']]],
    ['recourse-lost', [['prescription', 318, '2031-12-22']]],
    ['refusal-protested', [['suit', 286, '2027-09-13'], ['prescription', 318, '2031-09-13']]],
  ] as const)('when %s', (status, expected) => {
    expect(clocksOf(paperAt(status), off()).map(({ clock, article, dueAt }) => [clock, article, dayOf(dueAt)])).toEqual(expected);
  });

  it('every status has its answer', () => {
    for (const status of statuses) expect(Array.isArray(clocksOf(paperAt(status), off()))).toBe(true);
  });

  it('a notice clock runs for each endorser, ten days after the one before (285)', () => {
    const held = endorsedTo(endorsedTo(acceptedPaper(), supplier), bankA);
    const notified = { ...held, stage: { status: 'notified' as const, protestedOn: day('2026-12-15'), hops: [day('2026-12-20')] } };
    expect(clocksOf(notified, off())[0]).toEqual({ clock: 'notice', article: 285, dueAt: endOfDay(day('2026-12-30')), onMiss: 'damages' });
  });

  it('paper payable abroad gives two years for suit (287)', () => {
    expect(clocksOf({ ...paperAt('protested'), payableAbroad: true }, off()).map(({ clock, article, dueAt }) => [clock, article, dayOf(dueAt)])).toContainEqual(['suit', 287, '2028-12-14']);
  });
});
