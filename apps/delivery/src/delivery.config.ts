import { ConfigError } from '@peyvand/platform';
import { z } from 'zod';

/** What delivery is told from outside, beside the platform's own variables. A class because Nest needs a token. */
export class DeliveryConfig {
  demo: boolean;
  sms: { readonly kind: 'simulator' | 'none' } | { readonly kind: 'file'; readonly path: string };
  /** Days after the promised day (or the later step) until a shipment that did not leave, arrive or get counted is dealt with. */
  graceDays: number;
}

/** Throws `ConfigError` naming every wrong variable at once. */
export const readDeliveryConfig = (env: Readonly<Record<string, string | undefined>> = process.env): DeliveryConfig => {
  const parsed = variables.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  const { DEMO, DELIVERY_SMS, DELIVERY_SMS_FILE, DELIVERY_GRACE_DAYS } = parsed.data;
  const demo = DEMO === 'true';
  const kind = DELIVERY_SMS ?? (demo ? 'simulator' : 'none');
  // In a demonstration a day takes half a second while people read and type at their own pace.
  return { demo, graceDays: DELIVERY_GRACE_DAYS ?? (demo ? 720 : 30), sms: kind === 'file' ? { kind, path: DELIVERY_SMS_FILE ?? '' } : { kind } };
};

const variables = z.object({
  DEMO: z.string().optional(),
  DELIVERY_SMS: z.enum(['simulator', 'file', 'none'], 'must be simulator (with DEMO=true), file or none').optional(),
  DELIVERY_SMS_FILE: z.string().optional(),
  DELIVERY_GRACE_DAYS: z.coerce.number('must be a whole number of days between 1 and 3650').int().min(1).max(3_650).optional(),
}).superRefine((given, context) => {
  if (given.DELIVERY_SMS === 'simulator' && given.DEMO !== 'true') context.addIssue({ code: 'custom', path: ['DELIVERY_SMS'], message: 'the simulator is for DEMO=true only; set file or none' });
  if (given.DELIVERY_SMS === 'file' && given.DELIVERY_SMS_FILE === undefined) context.addIssue({ code: 'custom', path: ['DELIVERY_SMS_FILE'], message: 'is missing; DELIVERY_SMS=file needs a file to append to' });
});
