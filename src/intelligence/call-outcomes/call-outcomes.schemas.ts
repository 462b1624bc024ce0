import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { citationSchema } from '../summaries/index.ts';
import { OUTCOME_KINDS } from './call-outcomes.enums.ts';

const kind = z.enum(OUTCOME_KINDS);
const callId = idSchema('call');

export const roomParamsOfOutcomesSchema = z.strictObject({ roomId: roomIdSchema.describe('The room.') });
export const listOutcomesSchema = pageQuerySchema.extend({
  callId: callId.optional().describe('Only outcomes of this call.'),
  kind: kind.optional().describe('Only outcomes of this kind.'),
});
export type ListOutcomes = z.output<typeof listOutcomesSchema>;

export const outcomeSchema = z
  .object({
    id: idSchema('callOutcome').describe('Id of the outcome.'),
    kind: kind.describe('`decision`; or `action_item`: a task of somebody.'),
    callId: callId.describe('The call.'),
    runId: idSchema('workflowRun').describe('The run that found it.'),
    transcriptionId: idSchema('transcription').describe('The transcript that it cites.'),
    text: z.string().describe('The statement, as the summary words it.'),
    owner: z
      .string()
      .nullable()
      .describe('The person responsible, named as in the transcript; null when it names none.'),
    due: z
      .string()
      .nullable()
      .describe('When it is due, in the words of the transcript; null when it does not say.'),
    dueOn: z.iso.date().nullable().describe('The day that `due` is taken to mean; null when there is none.'),
    citations: z.array(citationSchema).describe('The passages that support it, at least one.'),
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
