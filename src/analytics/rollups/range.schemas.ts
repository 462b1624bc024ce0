import { z } from '@hono/zod-openapi';
import { momentSince1970Schema } from '../../kernel/core/index.ts';

/** Days of each period, today included. */
const PERIOD_DAYS = { day: 1, week: 7, month: 30, year: 365 } as const;
const PERIODS = Object.keys(PERIOD_DAYS) as [keyof typeof PERIOD_DAYS];
/** A leap year, plus the hours by which a range may be widened. */
const MAX_RANGE_DAYS = 367;
const DAY_MS = 86_400_000;

/** The fields of a query that determine its range. */
export const rangeFields = {
  period: z
    .enum(PERIODS)
    .optional()
    .openapi({
      description:
        "The last 1 (`day`), 7 (`week`), 30 (`month`) or 365 days (`year`) until the end of today, in the organization's " +
        'time zone. Default: `month`. Not together with `from` and `to`.',
    }),
  from: momentSince1970Schema.optional().openapi({
    description: 'Start of the range, rounded down to the hour. Only together with `to`.',
  }),
  to: momentSince1970Schema.optional().openapi({
    description: 'End of the range, rounded up to the hour. At most 366 days after `from`.',
  }),
};

interface RangeQuery {
  period?: keyof typeof PERIOD_DAYS | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Whether the fields of a query agree. Every schema with `rangeFields` refines its object with it. */
export function checkRange({ period, from, to }: RangeQuery, context: z.RefinementCtx): void {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if ((from === undefined) !== (to === undefined))
    refuse(from === undefined ? 'from' : 'to', 'is required, because a range has both ends');
  if (from === undefined || to === undefined) return;
  if (period !== undefined) refuse('period', 'cannot be combined with a range');
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days <= 0) refuse('to', 'must be after from');
  if (days > MAX_RANGE_DAYS - 1) refuse('to', 'must be at most 366 days after from');
}

/** The range in a query. */
export const askedRange = ({ period = 'month', from, to }: RangeQuery) =>
  from === undefined || to === undefined
    ? { days: PERIOD_DAYS[period] }
    : { from: new Date(from), to: new Date(to) };

/** The range of a response. */
export const rangeSchema = z
  .object({
    from: z.iso.datetime().openapi({ description: 'Start of the range.' }),
    to: z.iso.datetime().openapi({ description: 'End of the range, not included.' }),
    previous: z
      .object({
        from: z.iso.datetime().openapi({ description: 'Start of the period before.' }),
        to: z.iso.datetime().openapi({ description: 'End of the period before: the start of the range.' }),
      })
      .openapi({ description: 'The period before, with as many days or hours as the range.' }),
    timeZone: z.string().openapi({ description: 'IANA name of the time zone in which days begin.' }),
  })
  .openapi('AnalyticsRange');

export const rangeExample = {
  from: '2025-12-07T00:00:00Z',
  to: '2026-01-06T00:00:00Z',
  previous: { from: '2025-11-07T00:00:00Z', to: '2025-12-07T00:00:00Z' },
  timeZone: 'UTC',
};

/** A range as the API shows it. @param before start of the period before */
export const presentRange = ({
  before,
  ...range
}: {
  from: string;
  to: string;
  before: string;
  timeZone: string;
}) => ({ ...range, previous: { from: before, to: range.from } });
