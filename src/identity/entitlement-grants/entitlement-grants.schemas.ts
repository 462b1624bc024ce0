import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, momentSchema, pageSchema } from '../../kernel/core/index.ts';
import { featureNameSchema, GRANT_KINDS, limitNameSchema, meterNameSchema } from '../entitlements/index.ts';
import { organizationParamsSchema } from '../organizations/index.ts';

const MAX_VALUE = 1_000_000_000;
/** A petabyte of storage. */
const MAX_LIMIT = 1_000_000_000_000_000;

const entitlementGrantIdSchema = idSchema('entitlementGrant').openapi({ description: 'Id of the grant.' });
export const grantParamsSchema = organizationParamsSchema.extend({
  entitlementGrantId: entitlementGrantIdSchema,
});

const kindDescription =
  '`limit`: a value in place of that of the plan. `feature`: switches a feature on or off. `credit`: an amount on top of what ' +
  'the plan includes in each calendar month.';
const reason = (description: string) =>
  lineSchema(500).openapi({ description: `${description} Administrators of the organization see it.` });

const termFields = {
  reason: reason('Why it is granted, 1 to 500 characters.'),
  startsAt: momentSchema.optional().openapi({
    description: 'When it starts, not in the past. Default: now.',
    example: '2026-02-01T00:00:00Z',
  }),
  endsAt: momentSchema.nullable().optional().openapi({
    description: 'When it ends, after its start. Default: null, for no end.',
    example: '2026-05-01T00:00:00Z',
  }),
};
const kind = <K extends (typeof GRANT_KINDS)[number]>(name: K) =>
  z.literal(name).openapi({ description: 'Kind of the grant.' });

export const createGrantSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: kind('limit'),
      name: limitNameSchema,
      value: z
        .int()
        .min(0)
        .max(MAX_LIMIT)
        .openapi({ description: 'Maximum number at a time, 0 to 10^15.', example: 250 }),
      ...termFields,
    }),
    z.strictObject({
      kind: kind('feature'),
      name: featureNameSchema,
      value: z.int().min(0).max(1).openapi({ description: '1 switches it on, 0 off.', example: 1 }),
      ...termFields,
    }),
    z.strictObject({
      kind: kind('credit'),
      name: meterNameSchema,
      value: z.int().min(1).max(MAX_VALUE).openapi({
        description: 'Amount in units of the meter (minutes, calls), 1 to 10^9.',
        example: 500,
      }),
      ...termFields,
    }),
  ])
  .openapi({ description: kindDescription });
export type CreateGrant = z.output<typeof createGrantSchema>;

export const revokeGrantSchema = z.strictObject({
  reason: reason('Why it ends now, 1 to 500 characters.'),
});
export type RevokeGrant = z.output<typeof revokeGrantSchema>;

const moment = (description: string) => z.iso.datetime().nullable().openapi({ description });

export const grantSchema = z
  .object({
    id: entitlementGrantIdSchema,
    kind: z.enum(GRANT_KINDS).openapi({ description: kindDescription }),
    name: z.string().openapi({ description: 'Name of the limit, the feature or the meter.' }),
    value: z.int().openapi({
      description: 'The amount of a limit or a credit; for a feature 1 when it is switched on, 0 when off.',
    }),
    reason: z.string().openapi({ description: 'Why the operator granted it.' }),
    status: z.enum(['scheduled', 'active', 'ended', 'revoked']).openapi({
      description:
        'Whether it starts later, is in force, has reached its end, or was revoked. Among several active grants ' +
        'for the same limit or feature, the newest counts; credits add up.',
    }),
    startsAt: z.iso.datetime().openapi({ description: 'When it starts.' }),
    endsAt: moment('When it ends; null for a grant without an end.'),
    revokedAt: moment('When the operator ended it; null unless it was revoked.'),
    revokedReason: z.string().nullable().openapi({ description: 'Why it was revoked; null unless it was.' }),
    createdAt: z.iso.datetime().openapi({ description: 'When it was granted.' }),
  })
  .openapi('EntitlementGrant');
export type EntitlementGrantView = z.output<typeof grantSchema>;
export const grantPageSchema = pageSchema(grantSchema).openapi('EntitlementGrantPage');

export const createGrantExample: CreateGrant = {
  kind: 'credit',
  name: 'participant_minutes',
  value: 500,
  reason: 'Minutes lost in the outage of 10 January',
};
export const grantExample: EntitlementGrantView = {
  id: exampleId('entitlementGrant'),
  kind: 'credit',
  name: 'participant_minutes',
  value: 500,
  reason: 'Minutes lost in the outage of 10 January',
  status: 'active',
  startsAt: '2026-01-12T09:30:00.000Z',
  endsAt: '2026-02-01T00:00:00.000Z',
  revokedAt: null,
  revokedReason: null,
  createdAt: '2026-01-12T09:30:00.000Z',
};
