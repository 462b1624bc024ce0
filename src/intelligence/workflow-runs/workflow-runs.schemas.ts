import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { STEP_KINDS, workflowStepSchema } from '../meeting-workflows/index.ts';
import { RUN_STATES, RUN_STEP_STATES } from './workflow-runs.enums.ts';

const roomId = roomIdSchema.describe('The room.');
const runId = idSchema('workflowRun').describe('Id of the run.');
export const roomParamsOfRunsSchema = z.strictObject({ roomId });
export const runParamsSchema = z.strictObject({ roomId, runId });
export type RunIds = z.output<typeof runParamsSchema>;

export const listRunsSchema = pageQuerySchema.extend({
  callId: idSchema('call').optional().describe('Only runs of this call.'),
});
export type ListRuns = z.output<typeof listRunsSchema>;

const stepKind = z.enum(STEP_KINDS);
export const repeatRunSchema = z.strictObject({
  from: stepKind
    .optional()
    .describe('The step from which it is repeated. Default: the first that did not succeed or is outdated.'),
});
export type RepeatRun = z.output<typeof repeatRunSchema>;

export const sendMailSchema = z.strictObject({
  version: z
    .int()
    .min(1)
    .describe('Version of the run whose draft the caller has read; another version is refused.'),
});
export type SendMail = z.output<typeof sendMailSchema>;

const cost = (of: string) =>
  z.int().nullable().describe(`Cost of ${of}, in millionths of a USD; null when a price is unknown.`);
const moment = (when: string) => z.iso.datetime().nullable().describe(when);

const runStepSchema = z
  .object({
    step: workflowStepSchema.describe('The step, as it was in the workflow when the run began.'),
    state: z
      .enum(RUN_STEP_STATES)
      .describe(
        '`waiting`: it waits for a person, while later steps are done; `skipped`: there was nothing to ' +
          'do.',
      ),
    reason: z.string().nullable().describe('Why it is in this state: the code of an error, or a word.'),
    isOutdated: z.boolean().describe('Whether the transcript was corrected after the step was done.'),
    attempts: z.int().describe('Number of attempts.'),
    costMicros: cost('it'),
    confirmedBy: z
      .string()
      .nullable()
      .describe('The user who confirmed a mail; null without a confirmation.'),
    startedAt: moment('When its newest attempt began.'),
    endedAt: moment('When that attempt ended.'),
  })
  .openapi('WorkflowRunStep');

const recipientSchema = z
  .object({
    userId: idSchema('user').describe('The member.'),
    name: z.string().describe('Their name.'),
    cameLater: z
      .boolean()
      .describe(
        'Whether they came after the beginning of the transcript or left before its middle, and do not ' +
          'moderate the room. They get no mail that is sent by itself.',
      ),
  })
  .openapi('WorkflowMailRecipient');

const mailSchema = z
  .object({
    subject: z.string().describe('Its subject.'),
    text: z.string().describe('Its text, which consists only of statements of the summary.'),
    recipients: z
      .array(recipientSchema)
      .describe(
        'The members who get it when it is confirmed, if they may still see the room then; at most ' +
          '100. Empty when it does not wait for a confirmation.',
      ),
  })
  .openapi('WorkflowMail');

export const runSchema = z
  .object({
    id: runId,
    workflowId: idSchema('meetingWorkflow').nullable().describe('The workflow; null once it is deleted.'),
    workflowName: z.string().describe('Its name when the run began.'),
    workflowVersion: z.int().describe('The version of the workflow that the run follows.'),
    roomId,
    callId: idSchema('call').describe('The call.'),
    authorId: z
      .string()
      .nullable()
      .describe('The person with whose authority it runs; null when they are gone.'),
    state: z.enum(RUN_STATES).describe('`running`, or how it ended.'),
    reason: z
      .string()
      .nullable()
      .describe('Why it failed, was cancelled or did nothing; null without a reason.'),
    steps: z.array(runStepSchema).describe('Its steps in order.'),
    transcriptionId: idSchema('transcription').nullable().describe('Its transcript; null without one.'),
    summaryId: idSchema('summary').nullable().describe('Its summary, with quotes; null without one.'),
    mail: mailSchema.nullable().describe('The mail, as drafted or sent; null without one, and in lists.'),
    costMicros: cost('it'),
    maxCostMicros: z.int().nullable().describe('The most that it may cost; null for no limit.'),
    currency: z.literal('USD').describe('Currency of amounts.'),
    version: z.int().describe('A number that grows with each change.'),
    createdAt: z.iso.datetime().describe('When it began.'),
    endedAt: moment('When it ended; null while it runs.'),
  })
  .openapi('WorkflowRun');
export type RunView = z.output<typeof runSchema>;
export const runPageSchema = pageSchema(runSchema).openapi('WorkflowRunPage');

const done = {
  state: 'done' as const,
  reason: null,
  isOutdated: false,
  attempts: 1,
  costMicros: 0,
  confirmedBy: null,
  startedAt: '2026-01-05T10:00:00.000Z',
  endedAt: '2026-01-05T10:00:02.000Z',
};
export const runExample: RunView = {
  id: exampleId('workflowRun'),
  workflowId: exampleId('meetingWorkflow'),
  workflowName: 'Notes of the weekly planning',
  workflowVersion: 1,
  roomId: exampleId('room'),
  callId: exampleId('call'),
  authorId: exampleId('user'),
  state: 'done',
  reason: null,
  steps: [
    { ...done, step: { kind: 'transcribe', from: 'either' } },
    {
      ...done,
      step: { kind: 'summarize', model: 'claude-sonnet-5', fallbackModels: [] },
      costMicros: 11_400,
      endedAt: '2026-01-05T10:00:20.000Z',
    },
    { ...done, step: { kind: 'mail', send: 'on_confirmation' }, state: 'waiting', endedAt: null },
  ],
  transcriptionId: exampleId('transcription'),
  summaryId: exampleId('summary'),
  mail: {
    subject: 'Weekly planning, 2026-01-05',
    text: 'The contract is agreed.',
    recipients: [{ userId: exampleId('user'), name: 'Mara', cameLater: false }],
  },
  costMicros: 11_400,
  maxCostMicros: 500_000,
  currency: 'USD',
  version: 7,
  createdAt: '2026-01-05T10:00:00.000Z',
  endedAt: '2026-01-05T10:00:20.000Z',
};
