import { refusalTable } from '@peyvand/platform';
import type { OrderRefusal } from './domain/change-order.js';
import type { MatchRefusal } from './domain/match.js';

/** Refusals that several slices share. */
export const orderRefusals = refusalTable<'order-not-found' | OrderRefusal>({
  'order-not-found': [404, 'چنین سفارشی ندارید. شناسه را از فهرست سفارش‌های خود بردارید.', 'You have no such order. Take the id from the list of your orders.'],
  'order-already-ended': [409, 'این سفارش پایان یافته است ({status}). سفارش تازه‌ای ثبت کنید.', 'This order has ended ({status}). Submit a new order.'],
  'order-changed-meanwhile': [412, 'این سفارش در این میان تغییر کرده و اکنون در ویرایش {revision} است. دوباره بخوانید و از نو تصمیم بگیرید.', 'This order has changed and is now at revision {revision}. Read it again and decide anew.'],
  'lines-invalid': [422, 'برخی سطرها را نمی‌توان چنین تغییر داد. موردهای errors را درست کنید.', 'Some lines cannot be changed like this. Mend the entries in errors.'],
});

export const matchRefusals = refusalTable<'match-not-found' | MatchRefusal>({
  'match-not-found': [404, 'چنین تخصیصی ندارید. شناسه را از فهرست تخصیص‌های خود بردارید.', 'You have no such match. Take the id from the list of your matches.'],
  'match-already-answered': [409, 'این سفارش خرید پاسخ گرفته یا پایان یافته است. وضعیت آن را بخوانید.', 'This purchase order is answered or over. Read its state.'],
  'match-not-awarded': [409, 'این تخصیص هنوز ابلاغ نشده است. پس از ابلاغ خرید پاسخ دهید.', 'This match is not awarded yet. Answer after the purchase order is issued.'],
  'change-not-smaller': [422, 'تغییر باید کمتر از مقدار سفارش باشد و چیزی از آن بماند. مقدار را بکاهید یا سفارش را نپذیرید.', 'A change must leave less than was ordered, and something. Lower the quantities or decline.'],
  'change-line-unknown': [422, 'سطر {lineId} در این سفارش خرید نیست. شناسهٔ سطر را از همین سفارش خرید بردارید.', 'Line {lineId} is not part of this purchase order. Take line ids from it.'],
  'no-change-to-answer': [409, 'تغییری چشم‌به‌راه پاسخ نیست. وضعیت تخصیص را بخوانید.', 'No change waits for an answer. Read the state of the match.'],
  'match-not-accepted': [409, 'این تخصیص چشم‌به‌راه تأمین نیست. نخست باید پذیرفته شود.', 'This match does not wait for security. It has to be accepted first.'],
  'match-already-secured': [409, 'این تخصیص تأمین شده است؛ کاری لازم نیست.', 'This match is secured already; nothing is needed.'],
  'promise-past': [422, 'روز تحویل وعده‌داده گذشته است. امروز یا روزی پس از آن را بنویسید.', 'The promised day has passed. Give today or a later day.'],
});
