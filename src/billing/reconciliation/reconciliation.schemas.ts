import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { PROVIDER_NAMES } from '../providers/index.ts';

export const MAX_REPAIRS = 100;

const repairSchema = z
  .object({
    organizationId: idSchema('organization').describe('Id of the organization.'),
    provider: z.enum(PROVIDER_NAMES).openapi({ description: 'Payment provider.' }),
    objectId: z.string().openapi({
      description: "The provider's id of the object that was repaired.",
      example: 'sub_1QhXYZ2eZvKYlo2C',
    }),
    fields: z
      .array(z.string().openapi({ example: 'status' }))
      .openapi({ description: 'Fields that differed; empty for an object that was not known here.' }),
    repairedAt: z.iso.datetime().openapi({ description: 'When it was found and repaired.' }),
  })
  .openapi('BillingRepair');

export const reconciliationSchema = z
  .object({
    customers: z
      .int()
      .openapi({ description: 'Number of organizations that are customers of a payment provider.' }),
    waiting: z
      .int()
      .openapi({ description: 'Number of them that were not compared with their provider in the last day.' }),
    oldestAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'The oldest of their last comparisons; null when there was none.' }),
    repairs: z.array(repairSchema).openapi({
      description: `Differences that were found and repaired, the latest first, at most ${MAX_REPAIRS}.`,
    }),
  })
  .openapi('BillingReconciliation');
export type ReconciliationView = z.output<typeof reconciliationSchema>;

export const reconciliationExample: ReconciliationView = {
  customers: 1_200,
  waiting: 0,
  oldestAt: '2026-01-19T09:30:00.000Z',
  repairs: [
    {
      organizationId: exampleId('organization'),
      provider: 'stripe',
      objectId: 'sub_1QhXYZ2eZvKYlo2C',
      fields: ['status', 'endedAt'],
      repairedAt: '2026-01-20T09:30:00.000Z',
    },
  ],
};
