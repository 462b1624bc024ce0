import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, timeZoneSchema } from '../../kernel/core/index.ts';
import { parseCron } from '../../kernel/recurrence/index.ts';
import { REPORT_FORMATS } from '../reports/index.ts';
import { PAUSE_REASONS, RUN_OUTCOMES, SCHEDULE_STATUSES } from './report-schedules.enums.ts';

export const MAX_RECIPIENTS = 20;

export const scheduleParamsSchema = z.strictObject({
  reportId: idSchema('report').openapi({ description: 'Id of the report.' }),
});

const cron = z
  .string()
  .max(100)
  .refine((text) => parseCron(text)?.minutes.length === 1, 'must be a cron expression with one minute')
  .openapi({ example: '0 8 * * MON' })
  .describe(
    'Cron expression of five fields: minute, hour, day of the month, month, day of the week. The minute is one number, so ' +
      'that a report runs at most once an hour.',
  );
const timeZone = timeZoneSchema.describe(
  "IANA name of the time zone whose wall clock the expression follows. Default: the organization's current one.",
);
const format = z.enum(REPORT_FORMATS);
const recipients = z
  .array(idSchema('user'))
  .min(1)
  .max(MAX_RECIPIENTS)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name a user twice')
  .openapi({
    description: `Ids of 1 to ${MAX_RECIPIENTS} active members of the organization who may see the report. They get a mail with a link.`,
  });
const status = z.enum(SCHEDULE_STATUSES);

export const setScheduleSchema = z.strictObject({
  cron,
  timeZone: timeZone.optional(),
  format: format
    .optional()
    .openapi({ description: 'Format of the files; default: that of the report at each run.' }),
  recipients,
  status: status
    .default('active')
    .openapi({ description: 'Whether it runs. `active` also forgets earlier failures. Default: `active`.' }),
});
export type SetSchedule = z.output<typeof setScheduleSchema>;

const moment = (description: string) => z.iso.datetime().nullable().openapi({ description });

export const scheduleSchema = z
  .object({
    reportId: idSchema('report').openapi({ description: 'Id of the report.' }),
    cron,
    timeZone: z.string().openapi({ description: 'IANA name of the time zone whose wall clock it follows.' }),
    format: format.nullable().openapi({ description: 'Format of the files; null for that of the report.' }),
    recipients: z.array(idSchema('user')).openapi({ description: 'Ids of the users who get a mail.' }),
    ownerId: idSchema('user').nullable().openapi({
      description: 'User who set it last, in whose name it runs; null after the user was deleted.',
    }),
    status: status.openapi({ description: 'Whether it runs.' }),
    pauseReason: z
      .enum(PAUSE_REASONS)
      .nullable()
      .openapi({
        description:
          'Why it is paused: `requested`; `failures`, after three in a row; `owner` or `recipients`, because the owner or every ' +
          'recipient may no longer see the report. Null while it is active.',
      }),
    nextRunAt: moment('When it runs next; null while it is paused, or when there is no further date.'),
    lastRunAt: moment('When it was last started; null before the first time.'),
    lastOperationId: idSchema('operation').nullable().openapi({ description: 'Operation of the last run.' }),
    lastOutcome: z
      .enum(RUN_OUTCOMES)
      .nullable()
      .openapi({ description: 'Result of the last run that has ended; null before the first.' }),
    failures: z.int().openapi({ description: 'Failed runs since the last one that succeeded.' }),
    createdAt: z.iso.datetime().openapi({ description: 'When it was created.' }),
    updatedAt: z.iso.datetime().openapi({ description: 'When it was last set or paused.' }),
  })
  .openapi('ReportSchedule');
export type ScheduleView = z.output<typeof scheduleSchema>;

export const setScheduleExample = {
  cron: '0 8 * * MON',
  timeZone: 'Europe/Berlin',
  recipients: [exampleId('user')],
};
export const scheduleExample: ScheduleView = {
  reportId: exampleId('report'),
  ...setScheduleExample,
  format: null,
  ownerId: exampleId('user'),
  status: 'active',
  pauseReason: null,
  nextRunAt: '2026-01-12T07:00:00.000Z',
  lastRunAt: '2026-01-05T07:00:21.000Z',
  lastOperationId: exampleId('operation'),
  lastOutcome: 'succeeded',
  failures: 0,
  createdAt: '2026-01-02T09:30:00.000Z',
  updatedAt: '2026-01-02T09:30:00.000Z',
};
