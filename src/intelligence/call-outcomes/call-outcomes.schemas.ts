import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { citationSchema } from '../summaries/index.ts';
import { OUTCOME_KINDS } from './call-outcomes.enums.ts';

const kind = z.enum(OUTCOME_KINDS);
const callId = idSchema('call');

export const roomParamsOfOutcomesSchema = z.strictObject({ roomId: roomIdSchema.describe('The room.') });
export const listOutcomesSchema = pageQuerySchema.extend({
  callId: callId.optional().describe('Only what came of this call.'),
  kind: kind.optional().describe('Only outcomes of this kind.'),
});
export type ListOutcomes = z.output<typeof listOutcomesSchema>;

export const outcomeSchema = z
  .object({
    id: idSchema('callOutcome').describe('Id of the outcome.'),
    kind: kind.describe('`decision`, or `action_item`: what somebody is to do.'),
    callId: callId.describe('The call.'),
    runId: idSchema('workflowRun').describe('The run that has found it.'),
    transcriptionId: idSchema('transcription').describe('The transcript that it cites.'),
    text: z.string().describe('The statement, as the summary puts it.'),
    owner: z
      .string()
      .nullable()
      .describe('The person to do it, named as in the transcript; null where it names none.'),
    due: z
      .string()
      .nullable()
      .describe('When it is due, in the words of the transcript; null where they say nothing.'),
    dueOn: z.iso.date().nullable().describe('The day that `due` is taken to mean; null where there is none.'),
    citations: z.array(citationSchema).describe('Where it was said; at least one.'),
    createdAt: z.iso.datetime().describe('When it was stored.'),
  })
  .openapi('CallOutcome');
export type OutcomeView = z.output<typeof outcomeSchema>;
export const outcomePageSchema = pageSchema(outcomeSchema).openapi('CallOutcomePage');

export const outcomeExample: OutcomeView = {
  id: exampleId('callOutcome'),
  kind: 'action_item',
  callId: exampleId('call'),
  runId: exampleId('workflowRun'),
  transcriptionId: exampleId('transcription'),
  text: 'Send the contract.',
  owner: 'Mara',
  due: 'on Friday',
  dueOn: '2026-01-09',
  citations: [{ position: 14, startSeconds: 62.5, quote: 'I will send the contract on Friday' }],
  createdAt: '2026-01-05T10:00:20.000Z',
};
