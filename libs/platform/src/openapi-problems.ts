import { catalogue, type CatalogueCode } from './http/problem-catalogue.js';
import type { ProblemEntry } from './http/problem.js';
import type { ReplyShape } from './http/replies.js';
import type { Json } from './openapi-schemas.js';

type Told = readonly [code: string, entry: ProblemEntry];

/** What is not particular to a route stands once for all routes, by status. */
const common = Object.entries<ProblemEntry>(catalogue) as readonly Told[];
const commonAt = (status: number): Told[] => common.filter(([, [of]]) => of === status);

/** `#/components/responses/Problem400` and so on: the problems that any route may answer with that status. */
export const commonResponses = (): Json => Object.fromEntries([...new Set(common.map(([, [status]]) => status))].map((status) => [`Problem${status}`, responseOf(commonAt(status))]));

/** The problem responses of a route: the common ones, and with their sentences those of its own refusal table. */
export const problemResponses = ({ open, mutating, replies }: { readonly open: boolean; readonly mutating: boolean; readonly replies: ReplyShape | undefined }): Json => {
  const own: Told[] = [...Object.entries(replies?.refusals ?? {}), ...(replies?.problems ?? []).map((code: CatalogueCode): Told => [code, catalogue[code]])];
  const usual = [400, ...(open ? [] : [401, 403]), 404, ...(mutating ? [409, 413, 415, 422] : []), ...(replies?.ifMatch ? [412] : []), ...(open ? [] : [429]), 500, 503];
  const statuses = [...new Set([...usual, ...own.map(([, [status]]) => status)])].sort();
  return Object.fromEntries(statuses.map((status) => {
    const particular = own.filter(([, [of]]) => of === status);
    if (particular.length === 0) return [String(status), { $ref: `#/components/responses/Problem${status}` }];
    return [String(status), responseOf(particular, usual.includes(status) ? commonAt(status) : [])];
  }));
};

/** The types are enumerated, so that a client can be made to know them all. */
const responseOf = (told: readonly Told[], besides: readonly Told[] = []): Json => ({
  description: [...told.map(([code, [, , en]]) => `- \`${code}\`: ${en}`), ...(besides.length === 0 ? [] : [`- as any route: ${besides.map(([code]) => `\`${code}\``).join(', ')}`])].join('\n'),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem', properties: { type: { enum: [...told, ...besides].map(([code]) => `urn:peyvand:problem:${code}`) } } } } },
});

export const problemSchema = {
  type: 'object', description: 'RFC 9457. Further members give the details that the sentence speaks of.', required: ['type', 'title', 'status', 'detail', 'instance'], additionalProperties: true,
  properties: {
    type: { type: 'string', format: 'uri', description: 'urn:peyvand:problem:<code>; stable, to be acted on' }, title: { type: 'string' }, status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong and how to mend it, in the caller’s language' }, instance: { type: 'string' }, correlationid: { type: 'string', format: 'uuid' },
    errors: {
      type: 'array', description: 'What is wrong with each field',
      items: { type: 'object', required: ['path', 'code', 'message'], properties: { path: { type: 'string', examples: ['lines[3].quantity'] }, code: { type: 'string' }, message: { type: 'string' }, value: { type: 'string' } } },
    },
  },
};
