import { z } from '@hono/zod-openapi';
import { exampleId, isStorableMoment } from '../../kernel/core/index.ts';

/** Records of usage in one request. */
export const REPRICE_BATCH = 5_000;

const POSITION = /^(org_[0-9a-z]{26})~(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~(use_[0-9a-z]{26})$/;

/** Where re-pricing continues: after this record of usage. */
export interface UsagePosition {
  organizationId: string;
  occurredAt: string;
  usageId: string;
}

export const formatPosition = ({ organizationId, occurredAt, usageId }: UsagePosition): string =>
  `${organizationId}~${occurredAt}~${usageId}`;

/** The position in a text of `formatPosition`; undefined for any other. */
export function parsePosition(text: string): UsagePosition | undefined {
  const [, organizationId, occurredAt, usageId] = POSITION.exec(text) ?? [];
  if (organizationId === undefined || occurredAt === undefined || usageId === undefined) return undefined;
  const ms = Date.parse(occurredAt);
  // Formatted again, because a 30th of February is parsed as a day of March here, but refused by the database.
  if (!isStorableMoment(ms) || new Date(ms).toISOString() !== occurredAt) return undefined;
  return { organizationId, occurredAt, usageId };
}

const continueFrom = z.string().max(200);

export const repriceSchema = z.strictObject({
  continueFrom: continueFrom
    .refine((text) => parsePosition(text) !== undefined, 'must be the `continueFrom` of a response')
    .optional()
    .openapi({ description: 'The `continueFrom` of the previous response; absent in the first request.' }),
});
export type Reprice = z.output<typeof repriceSchema>;

export const repricedSchema = z
  .object({
    examinedCount: z.int().openapi({
      description: `Number of records of usage that were examined, at most ${REPRICE_BATCH}.`,
      example: 5_000,
    }),
    repricedCount: z.int().openapi({
      description: 'Number of them that now have another price, or their first one.',
      example: 120,
    }),
    continueFrom: continueFrom.nullable().openapi({
      description: 'To be sent with the next request; null when all usage was examined.',
      example: null,
    }),
  })
  .openapi('RepricedUsage');
export type RepricedView = z.output<typeof repricedSchema>;

export const repriceExample: Reprice = {
  continueFrom: formatPosition({
    organizationId: exampleId('organization'),
    occurredAt: '2026-01-05T09:30:00.000Z',
    usageId: exampleId('usageEvent'),
  }),
};
