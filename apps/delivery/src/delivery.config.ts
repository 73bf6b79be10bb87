import { ConfigError } from '@peyvand/platform';
import { z } from 'zod';

/** What delivery is told from outside, beside the platform's own variables. A class because Nest needs a token. */
export class DeliveryConfig {
  demo: boolean;
  sms: { readonly kind: 'simulator' | 'none' } | { readonly kind: 'file'; readonly path: string };
  tax: { readonly kind: 'simulator' | 'none' } | { readonly kind: 'file'; readonly folder: string };
  /** Days after the promised day (or the later step) until a shipment that did not leave, arrive or get counted is dealt with. */
  graceDays: number;
}

/** Throws `ConfigError` naming every wrong variable at once. */
export const readDeliveryConfig = (env: Readonly<Record<string, string | undefined>> = process.env): DeliveryConfig => {
  const parsed = variables.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  const { DEMO, DELIVERY_SMS, DELIVERY_SMS_FILE, DELIVERY_TAX, DELIVERY_TAX_FOLDER, DELIVERY_GRACE_DAYS } = parsed.data;
  const demo = DEMO === 'true';
  const otherwise = demo ? 'simulator' : 'none';
  const [sms, tax] = [DELIVERY_SMS ?? otherwise, DELIVERY_TAX ?? otherwise];
  return {
    demo,
    // In a demonstration a day takes half a second while people read and type at their own pace.
    graceDays: DELIVERY_GRACE_DAYS ?? (demo ? 720 : 30),
    sms: sms === 'file' ? { kind: sms, path: DELIVERY_SMS_FILE ?? '' } : { kind: sms },
    tax: tax === 'file' ? { kind: tax, folder: DELIVERY_TAX_FOLDER ?? '' } : { kind: tax },
  };
};

const adapter = z.enum(['simulator', 'file', 'none'], 'must be simulator (with DEMO=true), file or none').optional();
const variables = z.object({
  DEMO: z.string().optional(),
  DELIVERY_SMS: adapter,
  DELIVERY_SMS_FILE: z.string().optional(),
  DELIVERY_TAX: adapter,
  DELIVERY_TAX_FOLDER: z.string().optional(),
  DELIVERY_GRACE_DAYS: z.coerce.number('must be a whole number of days between 1 and 3650').int().min(1).max(3_650).optional(),
}).superRefine((given, context) => {
  for (const port of ['DELIVERY_SMS', 'DELIVERY_TAX'] as const) {
    if (given[port] === 'simulator' && given.DEMO !== 'true') context.addIssue({ code: 'custom', path: [port], message: 'the simulator is for DEMO=true only; set file or none' });
  }
  if (given.DELIVERY_SMS === 'file' && given.DELIVERY_SMS_FILE === undefined) context.addIssue({ code: 'custom', path: ['DELIVERY_SMS_FILE'], message: 'is missing; DELIVERY_SMS=file needs a file to append to' });
  if (given.DELIVERY_TAX === 'file' && given.DELIVERY_TAX_FOLDER === undefined) context.addIssue({ code: 'custom', path: ['DELIVERY_TAX_FOLDER'], message: 'is missing; DELIVERY_TAX=file needs a folder for documents and answers' });
});
