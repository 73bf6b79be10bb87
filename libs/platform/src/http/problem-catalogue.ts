import { Problem, type ProblemEntry } from './problem.js';

/** Problems that any service can answer with; a slice's own refusals stand in its refusal table. */
export const catalogue = {
  'malformed-json': [400, 'بدنهٔ درخواست JSON درستی نیست. نشانه‌گذاری آن را درست کنید و دوباره بفرستید.', 'The request body is not well-formed JSON. Mend its syntax and send it again.'],
  'validation-failed': [400, 'برخی از مقدارها پذیرفتنی نیست. هر فیلدی را که در errors آمده درست کنید.', 'Some values are not acceptable. Mend each field listed in errors.'],
  'bad-request': [400, 'درخواست قابل فهم نیست. نشانی و سرآیندها را بازبینی کنید.', 'The request cannot be understood. Check its address and headers.'],
  'idempotency-key-missing': [400, 'سرآیند Idempotency-Key نیامده است. برای هر کار یک کلید تازه (مانند UUID) بفرستید و در تکرار همان را به کار ببرید.', 'The Idempotency-Key header is missing. Send a fresh key (such as a UUID) per action, and the same key when you repeat it.'],
  'idempotency-key-invalid': [400, 'سرآیند Idempotency-Key باید ۱ تا ۲۰۰ نویسهٔ ASCII چاپی باشد. کلید کوتاه‌تر یا ساده‌تری بفرستید.', 'The Idempotency-Key header must be 1 to 200 printable ASCII characters. Send a shorter or plainer key.'],
  'idempotency-key-in-flight': [409, 'همین درخواست هم‌اکنون در دست انجام است. اندکی بعد با همان کلید دوباره بفرستید.', 'The same request is being handled right now. Send it again shortly with the same key.'],
  'idempotency-key-reused': [422, 'این Idempotency-Key پیش‌تر با بدنهٔ دیگری آمده است. برای کار تازه کلید تازه بفرستید.', 'This Idempotency-Key was used before with another body. Send a fresh key for a new action.'],
  'cursor-invalid': [400, 'مکان‌نمای صفحه شناخته نشد. از صفحهٔ نخست آغاز کنید یا پیوند next را دست‌نخورده به کار ببرید.', 'The page cursor is not recognised. Start from the first page or use the next link unchanged.'],
  'token-missing': [401, 'برای این کار باید وارد شوید. سرآیند Authorization: Bearer را بفرستید.', 'You need to sign in for this. Send the Authorization: Bearer header.'],
  'token-expired': [401, 'مهلت ورود شما گذشته است. دوباره وارد شوید.', 'Your sign-in has expired. Sign in again.'],
  'token-not-yet-valid': [401, 'زمان آغاز این توکن هنوز نرسیده است. ساعت سامانه‌ها را بازبینی کنید.', 'This token is not valid yet. Check the clocks of the systems.'],
  'token-invalid': [401, 'توکن ورود پذیرفته نشد. دوباره وارد شوید.', 'The sign-in token is not accepted. Sign in again.'],
  'token-audience-wrong': [401, 'این توکن برای پیوند صادر نشده است. با مخاطب (aud) درست وارد شوید.', 'This token was not issued for Peyvand. Sign in with the right audience (aud).'],
  'token-issuer-wrong': [401, 'صادرکنندهٔ این توکن شناخته‌شده نیست. از درگاه ورود پیوند وارد شوید.', 'The issuer of this token is not known. Sign in through the identity provider of this installation.'],
  'identity-unavailable': [503, 'کلیدهای درگاه ورود در دسترس نیست. اندکی بعد دوباره بفرستید.', 'The keys of the identity provider cannot be reached. Try again shortly.'],
  'party-required': [400, 'شما عضو چند طرف هستید. با سرآیند Peyvand-Party بگویید از سوی کدام‌یک کار می‌کنید.', 'You are a member of several parties. Say with the Peyvand-Party header for which one you act.'],
  'not-a-member': [403, 'شما عضو این طرف نیستید. طرفی را برگزینید که در آن نقش دارید.', 'You are not a member of this party. Choose one in which you have a role.'],
  'role-not-allowed': [403, 'نقش شما اجازهٔ این کار را نمی‌دهد. یکی از این نقش‌ها لازم است: {needed}.', 'Your role does not allow this. One of these roles is needed: {needed}.'],
  'not-found': [404, 'چنین چیزی نیست یا به شما مربوط نمی‌شود. شناسه را بازبینی کنید.', 'There is no such thing, or it does not concern you. Check the id.'],
  'route-not-found': [404, 'چنین نشانی‌ای نیست. مستندات را در /api/openapi.json ببینید.', 'There is no such address. See the documentation at /api/openapi.json.'],
  'method-not-allowed': [405, 'این نشانی چنین روشی ندارد. روش‌های ممکن: {allowed}.', 'This address does not take this method. Possible methods: {allowed}.'],
  'version-mismatch': [412, 'این مورد در این میان تغییر کرده است. نسخهٔ تازه را بخوانید و دوباره تصمیم بگیرید.', 'This has changed in the meantime. Read the new version and decide again.'],
  'body-too-large': [413, 'بدنهٔ درخواست بیش از اندازه بزرگ است. آن را به چند بخش کوچک‌تر بشکنید.', 'The request body is too large. Split it into smaller ones.'],
  'media-type-not-supported': [415, 'این نوع محتوا پذیرفته نیست. application/json بفرستید.', 'This content type is not accepted. Send application/json.'],
  'precondition-required': [428, 'سرآیند If-Match نیامده است. ETag نسخه‌ای را که دیده‌اید بفرستید.', 'The If-Match header is missing. Send the ETag of the version you saw.'],
  'too-many-requests': [429, 'درخواست‌ها بیش از اندازه است. پس از زمان Retry-After دوباره بفرستید.', 'There are too many requests. Try again after Retry-After.'],
  'internal-error': [500, 'خطایی پیش‌بینی‌نشده رخ داد. دوباره بکوشید و اگر ماند شناسهٔ پیگیری را به گرداننده بدهید.', 'Something unforeseen went wrong. Try again; if it stays, give the correlation id to the operator.'],
  'busy': [503, 'سامانه پرکار است. اندکی بعد با همان کلید دوباره بفرستید.', 'The system is busy. Try again shortly with the same key.'],
  'service-unreachable': [503, 'این بخش پیوند اکنون پاسخ نمی‌دهد. اندکی بعد با همان Idempotency-Key دوباره بفرستید.', 'This part of Peyvand does not answer at the moment. Send the request again shortly, with the same Idempotency-Key.'],
  'outcome-unknown': [503, 'پیوند با پایگاه داده هنگام ثبت برید. با همان Idempotency-Key دوباره بفرستید تا نتیجه روشن شود.', 'The database connection broke while storing. Send it again with the same Idempotency-Key to learn the outcome.'],
} as const satisfies Record<string, ProblemEntry>;

export type CatalogueCode = keyof typeof catalogue;

/** A problem of the catalogue, ready to throw. */
export const problem = (code: CatalogueCode, more: Problem['more'] = {}): Problem => new Problem(code, catalogue[code], more);
