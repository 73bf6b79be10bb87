import type { FillPolicy, PaymentTerms, Place } from '@peyvand/contracts';
import type { Day } from '@peyvand/kernel';
import type { Grade } from '../domain/order.js';
import type { Sourcing } from '../domain/sourcing.js';
import type { SubstituteFault } from '../domain/substitutes.js';

/** Who asks: the buying party and the person (token subject) acting for it. */
export type Buyer = { readonly party: string; readonly subject: string };

/** An order as it was asked for, before anything in it was looked up. */
export type NewOrder = {
  readonly id?: string;
  readonly poNumber: string;
  readonly award?: 'automatic' | 'approver';
  readonly parentMatchId?: string;
  readonly importId?: string;
  readonly lines: readonly NewLine[];
};

export type NewLine = Sourcing & {
  /** One of the two: the variant itself, or the buyer's own article code for it. */
  readonly variantId?: string;
  readonly code?: string;
  /** Variants that do as well, the preferred first; absent = those the code names beside the first. */
  readonly substitutes?: readonly string[];
  readonly quantity: number;
  /** Checked against the product's unit when given (UN/ECE Rec 20). */
  readonly unit?: string;
  /** A place of the buyer by id (or, for a string that is no uuid, by its code), or a place spelled out. */
  readonly shipTo: string | (Omit<Place, 'placeId'> & { readonly placeId?: string });
  readonly neededBy: Day;
  /** Rials per unit at present value. */
  readonly priceCeiling?: string;
  readonly terms?: PaymentTerms;
  readonly minimumGrade?: Grade;
  readonly fillPolicy?: FillPolicy;
  readonly approvedSellers?: readonly string[];
  readonly blockedSellers?: readonly string[];
};

export type FaultCode = SubstituteFault | 'line-names-nothing' | 'variant-unknown' | 'code-unknown' | 'place-unknown' | 'unit-differs' | 'needed-by-past' | 'minimum-fill-above-quantity' | 'parent-match-unknown' | 'po-number-taken' | 'order-id-taken';

/** What is wrong with one order of a batch. `path` is inside that order: `poNumber`, `lines[3].code`. */
export type OrderFault = { readonly order: number; readonly path: string; readonly code: FaultCode; readonly value?: string };

/** What is wrong with a substitute, here and when lines are changed. */
export const substituteWords: Readonly<Record<SubstituteFault, readonly [fa: string, en: string]>> = {
  'substitute-unknown': ['کالایی که به جای آن پذیرفته‌اید در فهرست کالاها نیست؛ شناسه را از فهرست کالاها بردارید یا آن را از جایگزین‌ها بیرون بگذارید.', 'A substitute is not in the catalogue; take its id from the product list or leave it out.'],
  'market-differs': ['جایگزین از بازار دیگری است؛ جایگزین باید از همان بازار کالای اصلی باشد. کالایی از همان بازار بنویسید یا آن را بیرون بگذارید.', 'A substitute is of another market; name one of the same market as the preferred variant, or leave it out.'],
  'substitute-unit-differs': ['واحد جایگزین با واحد کالای اصلی یکی نیست؛ کالایی با همان واحد بنویسید یا برای آن سطر جداگانه بگذارید.', 'A substitute is counted in another unit; name one in the same unit, or order it on a line of its own.'],
};

/** Persian and English: what is wrong and how to mend it. */
export const faultWords: Readonly<Record<FaultCode, readonly [fa: string, en: string]>> = {
  ...substituteWords,
  'line-names-nothing': ['این سطر نه کالا دارد و نه کد کالای شما؛ یکی از variantId یا code را بنویسید.', 'This line names no goods; give variantId or your own code.'],
  'variant-unknown': ['چنین کالایی در فهرست کالاها نیست؛ شناسه را از فهرست کالاها بردارید.', 'No such variant is in the catalogue; take the id from the product list.'],
  'code-unknown': ['این کد به هیچ کالایی وصل نشده است؛ ابتدا آن را در جدول کدهای خود ثبت کنید.', 'This code is not cross-referenced to a variant; register it in your code table first.'],
  'place-unknown': ['چنین محل تحویلی برای شما ثبت نشده است؛ محل را ثبت کنید یا نشانی آن را کامل بنویسید.', 'No such delivery place of yours is registered; register it or spell the place out.'],
  'unit-differs': ['واحد این سطر با واحد کالا یکی نیست؛ مقدار را به واحد کالا بنویسید.', 'The unit differs from the product’s; restate the quantity in the product’s unit.'],
  'needed-by-past': ['تاریخ نیاز گذشته است؛ امروز یا روزی پس از آن را بنویسید.', 'The needed-by day has passed; give today or a later day.'],
  'minimum-fill-above-quantity': ['کمینهٔ تأمین از مقدار سطر بیشتر است؛ آن را کم کنید یا مقدار را بیفزایید.', 'The minimum fill is above the quantity; lower it, or raise the quantity.'],
  'parent-match-unknown': ['چنین تخصیصی که شما فروشندهٔ آن باشید نیست؛ شناسهٔ فروش خود را بنویسید.', 'There is no such match in which you are the seller; give the match of your own sale.'],
  'po-number-taken': ['سفارشی با این شماره دارید؛ شمارهٔ دیگری بدهید یا همان سفارش را تغییر دهید.', 'You already have an order with this PO number; choose another or change that order.'],
  'order-id-taken': ['این شناسه پیش‌تر به کار رفته است؛ شناسهٔ دیگری بسازید یا آن را نفرستید.', 'This id is already in use; make another or leave it out.'],
};
