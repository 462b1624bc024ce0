import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { MAIL_SENDING, TRANSCRIPT_ORIGINS, WORKFLOW_TRIGGERS } from './meeting-workflows.enums.ts';
import { orderProblemOf } from './steps.rules.ts';

export const workflowIdSchema = idSchema('meetingWorkflow').describe('Id of the workflow.');
export const workflowParamsSchema = z.strictObject({ workflowId: workflowIdSchema });

const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/, 'must be a language tag such as en or pt-BR');
const model = lineSchema(200);
const kind = <const K extends string>(name: K, does: string) => z.literal(name).describe(does);

export const workflowStepSchema = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: kind('transcribe', 'Gets the transcript of the call.'),
        from: z
          .enum(TRANSCRIPT_ORIGINS)
          .default('either')
          .describe(
            '`captions`: the text of the live captions; `recording`: the recording is transcribed; ' +
              '`either`: captions if there are any, else the recording.',
          ),
        language: language.optional().describe('Language of the recording. Default: it is detected.'),
      })
      .openapi('WorkflowTranscribeStep'),
    z
      .strictObject({
        kind: kind('summarize', 'Summarizes the transcript.'),
        model: model
          .optional()
          .describe(
            'The model that writes the summary. Default: none; the summary consists of sentences of ' +
              'the transcript.',
          ),
        fallbackModels: z
          .array(model)
          .max(5)
          .default([])
          .describe('Models that are asked in this order, at most 5, when the one before fails.'),
        language: language
          .optional()
          .describe('Language of a summary by a model. Default: the transcript’s.'),
      })
      .openapi('WorkflowSummarizeStep'),
    z
      .strictObject({ kind: kind('outcomes', 'Stores decisions and action items of the summary.') })
      .openapi('WorkflowOutcomesStep'),
    z
      .strictObject({
        kind: kind('chapters', 'Shows the chapters of the summary where the recording is played.'),
      })
      .openapi('WorkflowChaptersStep'),
    z
      .strictObject({
        kind: kind(
          'mail',
          'Drafts a mail to members who were in the call, may see the room, and were not removed from it.',
        ),
        send: z
          .enum(MAIL_SENDING)
          .default('on_confirmation')
          .describe(
            '`on_confirmation`: the mail is sent once a person confirms it, after seeing its ' +
              'recipients. `by_itself`: it is sent without a confirmation, if the plan allows that. It ' +
              'then goes only to those who moderate the room, or were in the call when the transcript ' +
              'begins.',
          ),
      })
      .openapi('WorkflowMailStep'),
    z
      .strictObject({ kind: kind('remember', 'Keeps decisions and action items in the memory of the room.') })
      .openapi('WorkflowRememberStep'),
    z
      .strictObject({ kind: kind('post', 'Posts the summary into the chat of the room.') })
      .openapi('WorkflowPostStep'),
  ])
  .describe('A step.');
export type WorkflowStep = z.output<typeof workflowStepSchema>;
export type StepOf<K extends WorkflowStep['kind']> = Extract<WorkflowStep, { kind: K }>;

const steps = z
  .array(workflowStepSchema)
  .min(1)
  .max(7)
  .superRefine((list, context) => {
    const message = orderProblemOf(list.map((each) => each.kind));
    if (message !== null) context.addIssue({ code: 'custom', message });
  })
  .describe(
    'The steps in this order: `transcribe` comes first, steps that need a summary come after ' +
      '`summarize`, and each occurs at most once.',
  );
const name = lineSchema(100).describe('Name for people, 1 to 100 characters.');
const enabled = z.boolean().describe('Whether calls that end from now on start runs.');
const trigger = z
  .enum(WORKFLOW_TRIGGERS)
  .describe(
    'The event that starts a run: the call has ended, its recording is ready, or a transcript of it ' +
      'is finished.',
  );
const roomIds = z
  .array(roomIdSchema)
  .min(1)
  .max(50)
  .nullable()
  .describe('The rooms to which it applies, 1 to 50; null for all rooms.');
const maxCostMicros = z
  .int()
  .min(0)
  .max(1_000_000_000)
  .nullable()
  .describe(
    'The most that one run may cost, in millionths of a USD; null for no limit except the budget of ' +
      'the organization.',
  );

export const createWorkflowSchema = z.strictObject({
  name,
  enabled: enabled.default(true),
  trigger: trigger.default('call_ended'),
  roomIds: roomIds.default(null),
  steps,
  maxCostMicros: maxCostMicros.default(null),
});
export type CreateWorkflow = z.output<typeof createWorkflowSchema>;

export const updateWorkflowSchema = z
  .strictObject({
    name: name.optional(),
    enabled: enabled.optional(),
    trigger: trigger.optional(),
    roomIds: roomIds.optional(),
    steps: steps.optional(),
    maxCostMicros: maxCostMicros.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type UpdateWorkflow = z.output<typeof updateWorkflowSchema>;

export const workflowSchema = z
  .object({
    id: workflowIdSchema,
    name,
    enabled,
    trigger,
    roomIds,
    steps: z.array(workflowStepSchema).describe('The steps, in the order in which they are done.'),
    maxCostMicros,
    currency: z.literal('USD').describe('Currency of amounts.'),
    authorId: idSchema('user')
      .nullable()
      .describe(
        'The person who changed it last, with whose authority it runs. Null when they are gone; it ' +
          'does not run then.',
      ),
    version: z
      .int()
      .describe('A number that grows with each change; runs name the version that they follow.'),
    createdAt: z.iso.datetime().describe('When it was created.'),
    updatedAt: z.iso.datetime().describe('When it was last changed.'),
  })
  .openapi('MeetingWorkflow');
export type WorkflowView = z.output<typeof workflowSchema>;
export const workflowPageSchema = pageSchema(workflowSchema).openapi('MeetingWorkflowPage');

export const createWorkflowExample = {
  name: 'Notes of the weekly planning',
  trigger: 'call_ended' as const,
  steps: [
    { kind: 'transcribe' as const, from: 'either' as const },
    { kind: 'summarize' as const, model: 'claude-sonnet-5' },
    { kind: 'outcomes' as const },
    { kind: 'mail' as const, send: 'on_confirmation' as const },
  ],
  maxCostMicros: 500_000,
};

export const workflowExample: WorkflowView = {
  id: exampleId('meetingWorkflow'),
  name: createWorkflowExample.name,
  enabled: true,
  trigger: 'call_ended',
  roomIds: null,
  steps: [
    { kind: 'transcribe', from: 'either' },
    { kind: 'summarize', model: 'claude-sonnet-5', fallbackModels: [] },
    { kind: 'outcomes' },
    { kind: 'mail', send: 'on_confirmation' },
  ],
  maxCostMicros: 500_000,
  currency: 'USD',
  authorId: exampleId('user'),
  version: 1,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
