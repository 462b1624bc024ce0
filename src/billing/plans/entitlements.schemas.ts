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
    planVersion: z.int().openapi({ description: 'Version of the terms of the plan.' }),
    seats: z.int().openapi({
      description:
        'Seats of its subscription; each raises the limit `members` of the plan by one, unless the limit was set ' +
        'for this organization.',
    }),
    limits: z
      .array(
        z.object({
          name: limitNameSchema,
          value: z.int().openapi({ description: 'Maximum number at a time.' }),
          used: z.int().nullable().openapi({
            description: 'Current number; null for the capacity of a room and the size of a file.',
          }),
          left: z.int().nullable().openapi({
            description: 'Number that can be added; null for the capacity of a room and the size of a file.',
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
          amount: z
            .int()
            .openapi({ description: 'Amount included in each calendar month, UTC, with credit.' }),
          credit: z.int().openapi({ description: 'Amount of it that is credit from the operator.' }),
        }),
      )
      .openapi({ description: 'What the price includes.' }),
    beyondIncluded: beyondIncludedSchema,
    grants: z.array(grantSchema).openapi({
      description:
        'Grants of the operator in addition to the plan, each with its reason and end: those in force and those ' +
        'that start later. The values above include the grants in force.',
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
