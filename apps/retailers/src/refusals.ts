import { refusalTable } from '@peyvand/platform';

// Sentences that several slices share.
export const faulty = [422, 'برخی فیلدها درست نیست. هر فیلدی را که در errors آمده درست کنید.', 'Some fields are wrong. Mend each field listed in errors.'] as const;
export const networkNotFound = [404, 'چنین شبکه‌ای نیست یا از آنِ شما نیست. شناسه را بازبینی کنید.', 'There is no such network, or it is not yours. Check the id.'] as const;

export const policyRefusals = refusalTable({
  'rate-twice-on-a-day': [422, 'برای روز {from} دو نرخ آمده است. یکی را بردارید.', 'There are two rates from {from}. Remove one.'],
  'no-rate-in-force': [422, 'هیچ نرخی امروز ({today}) جاری نیست. نرخی با from امروز یا پیش از آن بدهید.', 'No rate is in force today ({today}). Give one whose from is today or earlier.'],
  'rate-in-the-past': [422, 'نرخ روز گذشته ({from}) تغییر نمی‌کند، زیرا قیمت‌ها با آن سنجیده شده‌اند. from را {today} یا پس از آن بگذارید.', 'A past day’s rate ({from}) does not change, because prices were compared at it. Set from to {today} or later.'],
  'policy-changed-meanwhile': [409, 'سیاست خرید در این میان تغییر کرده است. آن را دوباره بخوانید و تصمیم بگیرید.', 'The policy has changed in the meantime. Read it again and decide.'],
});
