import type { Day } from '@peyvand/kernel';
import type { IssuerAnswer, LicenceKind } from '../domain/licence.js';

/** What an issuer is asked. `reference` is the same however often we ask, so that asking twice is one question to it. */
export type LicenceQuestion = { readonly reference: string; readonly kind: LicenceKind; readonly number: string; readonly nationalId: string; readonly validUntil: Day };

/**
 * The issuers of licences (ministry of industry, chamber of guilds, chamber of commerce) as one port. Answers come in the order they
 * were sent and may repeat themselves. Throws when the issuer cannot be reached or has not answered yet: the question is asked again.
 */
export abstract class LicenceAuthority {
  abstract ask(question: LicenceQuestion): Promise<readonly IssuerAnswer[]>;
}
