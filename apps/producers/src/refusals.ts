import { refusalTable } from '@peyvand/platform';

// Sentences that several slices share; each slice spreads what it needs into its own table.
export const faulty = [422, 'برخی فیلدها درست نیست. هر فیلدی را که در errors آمده درست کنید.', 'Some fields are wrong. Mend each field listed in errors.'] as const;
export const producerNotFound = [404, 'چنین تولیدکننده‌ای ثبت نشده است. شناسه را بازبینی کنید یا نخست تولیدکننده را ثبت کنید.', 'There is no such producer. Check the id, or register the producer first.'] as const;
export const catalogueChanged = [409, 'در همین لحظه درخواست دیگری یکی از این شناسه‌ها یا کدها را گرفت. دوباره بفرستید تا بدانید کدام.', 'Another request took one of these ids or codes at this moment. Send it again to learn which.'] as const;

export const offerRefusals = refusalTable({
  'offer-faulty': faulty,
  'offer-withdrawn': [409, 'این پیشنهاد پس گرفته شده است. پیشنهاد تازه‌ای بگذارید.', 'This offer is withdrawn. Publish a new one.'],
  'offer-changed-meanwhile': [409, 'این پیشنهاد در این میان تغییر کرده است. آن را دوباره بخوانید و تصمیم بگیرید.', 'This offer has changed in the meantime. Read it again and decide.'],
});
