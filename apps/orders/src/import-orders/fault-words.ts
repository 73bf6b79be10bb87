import { faultWords, type FaultCode } from '../submit-order/new-order.js';

export type CellFaultCode =
  | 'missing' | 'not-a-quantity' | 'not-a-date' | 'not-rials' | 'not-a-unit' | 'not-terms' | 'not-a-fill-policy' | 'not-a-grade' | 'not-a-count' | 'not-a-percentage' | 'too-long' | 'not-a-variant-id' | 'not-a-gtin' | 'gtin-unknown' | 'gtin-ambiguous'
  | 'cancelled' | 'negative-quantity' | 'without-customer' | 'zero-price' | 'not-a-product' | 'order-too-long' | 'column-missing' | 'column-repeated' | 'malformed-csv' | 'too-many-rows' | 'too-many-faults' | 'too-much-text';

export type RowFaultCode = CellFaultCode | FaultCode;

/** Persian and English for every fault a row can have: what is wrong and how to mend it. */
export const rowFaultWords: Readonly<Record<RowFaultCode, readonly [fa: string, en: string]>> = {
  ...faultWords,
  'missing': ['این خانه خالی است؛ آن را پر کنید.', 'This cell is empty; fill it in.'],
  'not-a-quantity': ['مقدار باید عدد درست از ۱ تا ۱٬۰۰۰٬۰۰۰٬۰۰۰ باشد.', 'A quantity is a whole number from 1 to 1,000,000,000.'],
  'not-a-date': ['تاریخ را به صورت ۱۴۰۵/۰۵/۳۱ یا 2026-08-22 بنویسید؛ روزی که در تقویم باشد.', 'Write the date as 1405/05/31 or 2026-08-22, and a day that exists.'],
  'not-rials': ['مبلغ باید عدد درست ریال باشد، بی‌اعشار و دست‌بالا ۱۸ رقم.', 'An amount is a whole number of rials of at most 18 digits.'],
  'not-a-unit': ['واحد شناخته نیست؛ جفت، عدد، دوجین، کارتن، فوت مربع یا کد آن (PR، H87، DZN، CT، FTK) را بنویسید.', 'The unit is not known; write PR, H87, DZN, CT or FTK, or pair, piece, dozen, carton or square foot.'],
  'not-terms': ['شرایط پرداخت خوانده نشد؛ مانند «نقدی» یا «برات ۹۰ روز» بنویسید.', 'The payment terms cannot be read; write them like "cash" or "barat 90".'],
  'not-a-fill-policy': ['روش تأمین شناخته نیست؛ «بخشی»، «یکجا» یا «پس‌سفارش» بنویسید.', 'The fill policy is not known; write partial, all-or-none or back-order.'],
  'not-a-grade': ['درجه باید A، B یا C باشد.', 'A grade is A, B or C.'],
  'not-a-count': ['شمار تأمین‌کنندگان باید عدد درست از ۱ تا ۱٬۰۰۰ باشد.', 'The number of suppliers is a whole number from 1 to 1,000.'],
  'not-a-percentage': ['سهم باید درصد درست از ۱ تا ۱۰۰ باشد.', 'A share is a whole per cent from 1 to 100.'],
  'too-long': ['این نوشته بلندتر از اندازه است؛ کوتاه‌ترش کنید.', 'This text is too long; shorten it.'],
  'not-a-variant-id': ['شناسهٔ کالا باید UUID باشد؛ آن را از فهرست کالاها بردارید.', 'A variant id is a UUID; take it from the product list.'],
  'not-a-gtin': ['بارکد GTIN درست نیست؛ رقم‌ها و رقم کنترل را بسنجید.', 'The GTIN is not valid; check its digits and check digit.'],
  'gtin-unknown': ['کالایی با این بارکد در فهرست نیست؛ کد خود یا شناسهٔ کالا را بنویسید.', 'No product with this GTIN is in the catalogue; give your own code or the variant id.'],
  'gtin-ambiguous': ['چند کالا این بارکد را دارند؛ شناسهٔ کالا را بنویسید.', 'Several products carry this GTIN; give the variant id.'],
  'cancelled': ['این فاکتور باطل شده است (با C آغاز می‌شود) و سفارش نیست.', 'The invoice is cancelled (it begins with C), so it is no order.'],
  'negative-quantity': ['مقدار منفی برگشت کالاست و سفارش نیست.', 'A negative quantity is a return, not an order.'],
  'without-customer': ['سطر مشتری ندارد، پس محل تحویل آن معلوم نیست؛ CustomerID را بنویسید.', 'The row has no customer, so nobody knows where to deliver; fill in CustomerID.'],
  'zero-price': ['قیمت سطر صفر است؛ سطر بی‌قیمت سفارش خرید نیست.', 'The price is zero; a row without a price is no purchase.'],
  'not-a-product': ['این کد کالا نیست (پست، تخفیف، کارمزد و مانند آن).', 'This code is no product (postage, discount, bank charges and the like).'],
  'order-too-long': ['این سفارش بیش از ۵٬۰۰۰ سطر دارد؛ آن را چند سفارش کنید.', 'This order has more than 5,000 rows; split it into several orders.'],
  'column-missing': ['ستونی که لازم است در سرستون‌ها نیست؛ آن را بیفزایید.', 'A needed column is not among the headers; add it.'],
  'column-repeated': ['دو ستون یک معنا دارند؛ یکی را بردارید.', 'Two columns mean the same; remove one.'],
  'too-many-rows': ['فایل بیش از ۲٬۰۰۰٬۰۰۰ سطر دارد؛ آن را چند فایل کنید.', 'The file has more than 2,000,000 rows; split it into several files.'],
  'too-many-faults': ['بیش از ۱۰۰٬۰۰۰ سطر و بیش از نیمی از سطرها نادرست است و خواندن فایل همین‌جا پایان یافت؛ خطاهای گفته‌شده را درست کنید.', 'More than 100,000 rows are faulty, and more than every second one, so reading stopped here; mend the faults that are listed.'],
  'too-much-text': ['فایل پس از باز شدن بیش از یک گیگابایت است؛ آن را چند فایل کنید.', 'Unzipped, the file holds more than a gigabyte; split it into several files.'],
  'malformed-csv': ['ساختار CSV از این سطر خوانده نمی‌شود؛ گیومه‌ها و جداکننده‌ها را بسنجید.', 'The CSV cannot be read from this row on; check quotes and separators.'],
};
