import { refusalTable } from '@peyvand/platform';

// Answers that several slices give; each slice spreads what its own union needs.

export const shipmentNotFound = refusalTable({
  'shipment-not-found': [404, 'چنین محموله‌ای نیست یا به شما مربوط نمی‌شود. شناسهٔ محموله را بازبینی کنید.', 'There is no such shipment, or it does not concern you. Check the shipment’s id.'],
});
export const invoiceNotFound = refusalTable({
  'invoice-not-found': [404, 'چنین صورتحسابی نیست یا به شما مربوط نمی‌شود. شناسهٔ صورتحساب را بازبینی کنید.', 'There is no such invoice, or it does not concern you. Check the invoice’s id.'],
});
export const shipmentNotPlanned = refusalTable({
  'shipment-not-planned': [409, 'این محموله دیگر در انتظار خروج نیست (وضع: {state}). محمولهٔ برنامه‌ریزی‌شدهٔ دیگری را برگزینید.', 'This shipment no longer waits to leave (it is {state}). Choose a planned one.'],
});
export const shipmentNotUnderWay = refusalTable({
  'shipment-not-under-way': [409, 'این محموله در راه نیست (وضع: {state}). تنها محمولهٔ خارج‌شده از انبار فروشنده پذیرفته می‌شود.', 'This shipment is not under way (it is {state}). Only goods that have left the seller can take this step.'],
});
export const lineFaults = refusalTable({
  'line-unknown': [422, 'قلم {lineId} در این سند نیست. شناسهٔ قلم‌ها را از خود سند بردارید.', 'Line {lineId} is not part of this document. Take the line ids from the document itself.'],
  'line-twice': [422, 'یک قلم دو بار آمده است. هر قلم را یک بار و با جمع مقدار بنویسید.', 'A line is told twice. Give each line once, with its whole quantity.'],
});
