import { z } from '@hono/zod-openapi';
import { INCLUDED_METERS } from '../../identity/entitlements/index.ts';
import { meterNameSchema } from '../meters/index.ts';

/** Thresholds that an organization can set. */
export const MAX_THRESHOLDS = 20;
/** Thresholds that every organization has, in percent of the included amount. */
export const DEFAULT_PERCENTS = [80, 100] as const;
const MAX_PERCENT = 1_000;
const MAX_QUANTITY = 1_000_000_000_000_000;

const quantitySchema = z.int().min(1).max(MAX_QUANTITY).openapi({ example: 48_000_000 });
const meter = meterNameSchema.openapi({ description: 'Name of a meter.' });

const percentThresholdSchema = z
  .strictObject({
    meter: z.enum(INCLUDED_METERS).openapi({
      description: 'Name of a meter for which plans include an amount.',
      example: 'participant_minutes',
    }),
    percent: z
      .int()
      .min(1)
      .max(MAX_PERCENT)
      .openapi({
        description: `Percent of the amount that the plan includes in the month, 1 to ${MAX_PERCENT}.`,
        example: 50,
      }),
  })
  .openapi('UsagePercentThreshold');
const quantityThresholdSchema = z
  .strictObject({
    meter,
    quantity: quantitySchema.openapi({
      description: 'Usage in the month, in base units of the meter, 1 to 10^15.',
    }),
  })
  .openapi('UsageQuantityThreshold');
const thresholdSchema = z.union([percentThresholdSchema, quantityThresholdSchema]);
export type OwnThreshold = z.output<typeof thresholdSchema>;

const thresholds = z
  .array(thresholdSchema)
  .max(MAX_THRESHOLDS)
  .openapi({
    description:
      `The organization's own thresholds, at most ${MAX_THRESHOLDS}, in addition to those at ` +
      `${DEFAULT_PERCENTS.join(' and ')} percent.`,
  });

export const setAlertsSchema = z.strictObject({ thresholds });
export type SetAlerts = z.output<typeof setAlertsSchema>;

/** The fields of an alert, as the API and the event show it. */
export const alertFields = {
  meter: meterNameSchema.describe('Name of the meter.'),
  periodStartsAt: z.iso
    .datetime()
    .openapi({ example: '2026-01-01T00:00:00.000Z' })
    .describe('Start of the calendar month, UTC, of the usage.'),
  percent: z
    .int()
    .nullable()
    .openapi({ example: 80 })
    .describe(
      'The threshold in percent of the amount that the plan included; null for a quantity that the organization ' +
        'set.',
    ),
  quantity: z.int().openapi({ example: 48_000_000 }).describe('The threshold, in base units of the meter.'),
  usedQuantity: z
    .int()
    .openapi({ example: 48_600_000 })
    .describe('The usage when this was noticed, in base units of the meter.'),
};

export const alertsSchema = z
  .object({
    thresholds,
    alerts: z
      .array(
        z
          .object({
            ...alertFields,
            reachedAt: z.iso
              .datetime()
              .openapi({ description: 'When the product noticed that the threshold was reached.' }),
          })
          .openapi('UsageAlert'),
      )
      .openapi({
        description: 'Thresholds that were reached in the current month, the latest first, at most 100.',
      }),
  })
  .openapi('UsageAlerts');
export type AlertsView = z.output<typeof alertsSchema>;

export const alertExample = {
  meter: 'participant_minutes',
  periodStartsAt: '2026-01-01T00:00:00.000Z',
  percent: 80,
  quantity: 48_000_000,
  usedQuantity: 48_600_000,
};
export const setAlertsExample: SetAlerts = {
  thresholds: [
    { meter: 'participant_minutes', percent: 50 },
    { meter: 'acme.documents', quantity: 10_000 },
  ],
};
export const alertsExample: AlertsView = {
  ...setAlertsExample,
  alerts: [{ ...alertExample, reachedAt: '2026-01-20T09:30:02.000Z' }],
};
