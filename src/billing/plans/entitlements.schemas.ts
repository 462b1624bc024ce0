import { z } from '@hono/zod-openapi';
import { grantExample, grantSchema } from '../../identity/entitlement-grants/index.ts';
import {
  beyondIncludedSchema,
  featureNameSchema,
  limitNameSchema,
  meterNameSchema,
  PLAN_NAMES,
  requestRatesSchema,
} from '../../identity/entitlements/index.ts';

const source = z.enum(['plan', 'override']).openapi({
  description: 'Whether the value is that of the plan, or was set for this organization.',
});

export const entitlementsSchema = z
  .object({
    plan: z.enum(PLAN_NAMES).openapi({ description: 'Plan of the organization.' }),
    planVersion: z.int().openapi({ description: 'Version of the terms that it is on.' }),
    seats: z.int().openapi({
      description:
        'Seats that its subscription has; the limit `members` is that of the plan and as many more, unless it was set for this organization.',
    }),
    limits: z
      .array(
        z.object({
          name: limitNameSchema,
          value: z.int().openapi({ description: 'Most that there can be at a time.' }),
          used: z.int().nullable().openapi({
            description: 'How many there are; null for the capacity of a room and the size of a file.',
          }),
          left: z.int().nullable().openapi({
            description: 'How many can be added; null for the capacity of a room and the size of a file.',
          }),
          source,
        }),
      )
      .openapi({ description: 'What is limited, and how much of it is used.' }),
    features: z
      .array(
        z.object({
          name: featureNameSchema,
          enabled: z.boolean().openapi({ description: 'Whether the organization has it.' }),
          source,
        }),
      )
      .openapi({ description: 'What is switched on or off.' }),
    requestsPerMinute: requestRatesSchema,
    included: z
      .array(
        z.object({
          meter: meterNameSchema,
          amount: z.int().openapi({ description: 'Included in each calendar month, UTC, credit and all.' }),
          credit: z.int().openapi({ description: 'How much of it is credit from the operator.' }),
        }),
      )
      .openapi({ description: 'What the price includes.' }),
    beyondIncluded: beyondIncludedSchema,
    grants: z.array(grantSchema).openapi({
      description:
        'What the operator granted beside the plan, with its reason and end: what is in force, and what starts later. The ' +
        'values above have it.',
    }),
  })
  .openapi('Entitlements');
export type EntitlementsView = z.output<typeof entitlementsSchema>;

export const entitlementsExample: EntitlementsView = {
  plan: 'free',
  planVersion: 1,
  seats: 0,
  limits: [{ name: 'members', value: 10, used: 4, left: 6, source: 'plan' }],
  features: [{ name: 'breakouts', enabled: true, source: 'plan' }],
  requestsPerMinute: { user: 100, organization: 1_000 },
  included: [{ meter: 'participant_minutes', amount: 1_500, credit: 500 }],
  beyondIncluded: 'refused',
  grants: [grantExample],
};
