import { demoParties, type DemoParty, type DemoPartyKind } from './parties.js';

export type DemoUser = {
  /** What a person types to sign in. */
  readonly user: string;
  /** `sub` of the token: a stable UUID, never a name. */
  readonly subject: string;
  readonly party: DemoParty;
  readonly roles: readonly string[];
  readonly name: { readonly fa: string; readonly en: string };
};

type Seat = { readonly no: number; readonly suffix: string; readonly roles: readonly string[]; readonly fa: string; readonly en: string };

// A party's people by seat. A producer has an approver apart, because the one who orders inputs may not approve their invoice.
const seats: Readonly<Record<DemoPartyKind, readonly Seat[]>> = {
  network: [
    { no: 1, suffix: '.buyer', roles: ['buyer'], fa: 'خریدار', en: 'buyer' },
    { no: 2, suffix: '.approver', roles: ['approver'], fa: 'تأییدکنندهٔ خرید', en: 'approver' },
    { no: 3, suffix: '.storekeeper', roles: ['storekeeper'], fa: 'انباردار', en: 'storekeeper' },
    { no: 4, suffix: '.signatory', roles: ['signatory'], fa: 'صاحب امضا', en: 'signatory' },
  ],
  producer: [
    { no: 1, suffix: '.producer', roles: ['producer', 'buyer', 'storekeeper', 'signatory'], fa: 'مدیر', en: 'manager' },
    { no: 2, suffix: '.approver', roles: ['approver'], fa: 'حسابدار', en: 'accountant' },
  ],
  funder: [{ no: 1, suffix: '.funder', roles: ['funder'], fa: 'کارشناس تأمین مالی', en: 'finance officer' }],
  carrier: [{ no: 1, suffix: '.carrier', roles: ['carrier'], fa: 'مسئول اعزام', en: 'dispatcher' }],
  union: [{ no: 1, suffix: '', roles: ['union'], fa: 'دبیر', en: 'secretary' }],
  sponsor: [{ no: 1, suffix: '', roles: ['sponsor'], fa: 'ناظر', en: 'observer' }],
  operator: [{ no: 1, suffix: '', roles: ['operator'], fa: 'گرداننده', en: 'operator' }],
};

/** `0199a000-0000-7000-9000-` and the party's and the seat's number: 202 and 1 give …000000020201. */
const subjectOf = (party: DemoParty, seat: Seat): string =>
  `0199a000-0000-7000-9000-${`${party.id.slice(-6)}${String(seat.no).padStart(2, '0')}`.padStart(12, '0')}`;

/** Everyone who can sign in to the demo. */
export const demoUsers: readonly DemoUser[] = demoParties.flatMap((party) =>
  seats[party.kind].map((seat) => ({
    user: `${party.slug}${seat.suffix}`,
    subject: subjectOf(party, seat),
    party,
    roles: seat.roles,
    name: { fa: `${seat.fa}، ${party.name.fa}`, en: `${party.name.en}, ${seat.en}` },
  })));
