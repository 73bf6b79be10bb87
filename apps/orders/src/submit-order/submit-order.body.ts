import type { FillPolicy, PaymentTerms } from '@peyvand/contracts';
import type { Day } from '@peyvand/kernel';
import { CivilDay, Flag, ListOf, Nested, OneOf, Rials, Text, Uuid, Uuids, Whole } from '@peyvand/platform';
import type { Grade } from '../domain/order.js';
import type { NewLine } from './new-order.js';
import { ShipTo } from './ship-to.js';

export class TermsBody {
  @Whole({ max: 365, description: 'Days of credit' }) days: number;
  @OneOf(['invoice', 'receipt', 'month-end']) base: PaymentTerms['base'];
  @OneOf(['cash', 'open', 'barat', 'e-barat', 'safte', 'cheque']) instrument: PaymentTerms['instrument'];
}

export class OrderLineBody implements NewLine {
  @Uuid({ optional: true, description: 'The variant; or give your own code' }) variantId?: string;
  @Text({ max: 200, optional: true, description: 'Your own article code, cross-referenced before' }) code?: string;
  @Uuids({ max: 50, optional: true, description: 'Variants that do as well, in order of preference; the least cost decides, preference between equal costs. Beside a code they take the place of its own alternatives' }) substitutes?: string[];
  @Whole({ min: 1, max: 1_000_000_000 }) quantity: number;
  @Text({ max: 3, optional: true, pattern: /^[A-Z0-9]{2,3}$/, description: 'UN/ECE Rec 20; checked against the product’s', example: 'PR' }) unit?: string;
  @ShipTo() shipTo: NewLine['shipTo'];
  @CivilDay() neededBy: Day;
  @Rials({ optional: true, description: 'Most you pay per unit, at present value' }) priceCeiling?: string;
  @Nested(() => TermsBody, { optional: true, description: 'Only these terms; any the offers quote when left out' }) terms?: TermsBody;
  @OneOf(['A', 'B', 'C'], { optional: true }) minimumGrade?: Grade;
  @OneOf(['partial', 'all-or-none', 'back-order'], { optional: true, description: 'partial when left out' }) fillPolicy?: FillPolicy;
  @Uuids({ max: 200, optional: true, description: 'Only these producers' }) approvedSellers?: string[];
  @Uuids({ max: 200, optional: true, description: 'Never these producers' }) blockedSellers?: string[];
  @Whole({ min: 1, max: 1_000_000_000, optional: true, description: 'At least so many units are matched, or none' }) minimumFill?: number;
  @Whole({ min: 1, max: 1_000, optional: true, description: 'At most so many producers supply the line' }) maximumSuppliers?: number;
  @Whole({ min: 1, max: 100, optional: true, description: 'No producer supplies more than so many per cent of the line' }) shareCap?: number;
  @Uuids({ max: 200, optional: true, description: 'Producers in the order you like them; decides where the operator gives preference a premium' }) preferredSellers?: string[];
  @Flag({ optional: true, description: 'Producers that got nothing may learn a rounded band by which they missed this line; never a rival or a price' }) tellsLosers?: boolean;
}

export class SubmitOrderBody {
  @Uuid({ optional: true }) id?: string;
  @Text({ max: 100, description: 'Your own number for this order; unique among your orders' }) poNumber: string;
  @OneOf(['automatic', 'approver'], { optional: true, description: 'automatic = within the guardrails of your policy' }) award?: 'automatic' | 'approver';
  @Uuid({ optional: true, description: 'An input order: the match of your own sale that it feeds' }) parentMatchId?: string;
  @ListOf(() => OrderLineBody, { min: 1, max: 500 }) lines: OrderLineBody[];
}

export class SubmitOrdersBody {
  @ListOf(() => SubmitOrderBody, { min: 1, max: 500 }) orders: SubmitOrderBody[];
}
