import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, linesSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { agentIdSchema } from '../agents/index.ts';
import { CALL_AGENT_REASONS, CALL_AGENT_STATES } from './call-agents.enums.ts';

const callAgentId = idSchema('callAgent').describe(
  'Id of the agent in the call: the identity of its participant.',
);
const roomId = roomIdSchema.describe('Id of the room.');
export const roomOfAgentsSchema = z.strictObject({ roomId });
export const callAgentParamsSchema = z.strictObject({ roomId, callAgentId });
export const inviteAgentSchema = z.strictObject({ agentId: agentIdSchema });
export type InviteAgent = z.output<typeof inviteAgentSchema>;

export const callAgentSchema = z
  .object({
    id: callAgentId,
    agentId: agentIdSchema,
    callId: idSchema('call').describe('The call.'),
    conversationId: idSchema('agentConversation').describe(
      'What is said to it and by it; a conversation of the person who invited it.',
    ),
    name: z.string().describe('Its name in the call.'),
    invitedBy: idSchema('user').describe(
      'The person who invited it, with whose authority and budget it answers.',
    ),
    state: z
      .enum(CALL_AGENT_STATES)
      .describe('`requested` until a process has it, `active` while one has, then `ended`.'),
    reason: z.enum(CALL_AGENT_REASONS).nullable().describe('Why it ended; null before.'),
    createdAt: z.iso.datetime().describe('When it was invited.'),
  })
  .openapi('CallAgent');
export type CallAgentView = z.output<typeof callAgentSchema>;
export const callAgentListSchema = z
  .object({ data: z.array(callAgentSchema).describe('The agents of the active call.') })
  .openapi('CallAgentList');

export const callAgentExample: CallAgentView = {
  id: exampleId('callAgent'),
  agentId: exampleId('agent'),
  callId: exampleId('call'),
  conversationId: exampleId('agentConversation'),
  name: 'Product help (AI agent)',
  invitedBy: exampleId('user'),
  state: 'active',
  reason: null,
  createdAt: '2026-01-05T09:30:00.000Z',
};

const worker = lineSchema(100).describe('Names the process; another one after each start.');
export const processHeadersSchema = z.object({
  authorization: z.string().max(1_000).default('').describe('`Bearer`, and the secret of the processes.'),
});

export const pollSchema = z.strictObject({
  worker,
  capacity: z.int().min(0).max(50).describe('How many more agents it can take.'),
  holding: z.array(callAgentId).max(50).describe('The agents that it has; of others it gives up its lease.'),
});
export type PollCallAgents = z.output<typeof pollSchema>;

export const pollAnswerSchema = z
  .object({
    start: z
      .array(
        z.object({
          callAgentId,
          url: z.string().describe('Where the media server is.'),
          token: z.string().describe('Admits the participant.'),
          name: z.string().describe('Its name in the call.'),
          group: z.string().describe('Whose turns it takes at the speech service.'),
          voice: z
            .string()
            .nullable()
            .describe('The voice of the speech service with which it speaks; null: that of the process.'),
          room: z
            .object({
              url: z.string().describe('Address of the socket of the room.'),
              ticket: z.string().describe('Opens it, as the participant.'),
            })
            .openapi('CallAgentRoom')
            .describe('The socket of the room: its chat, and hands.'),
        }),
      )
      .describe('Agents that the process has from now on.'),
    stop: z.array(callAgentId).describe('Agents that it has no longer, and takes out of their calls.'),
  })
  .openapi('CallAgentPoll');
export type PollAnswer = z.output<typeof pollAnswerSchema>;

export const leaveOnRequestSchema = z.strictObject({
  worker,
  callAgentId,
  identity: lineSchema(200).describe('The identity of the participant who asked the agent to leave.'),
});
export type LeaveOnRequest = z.output<typeof leaveOnRequestSchema>;

export const reportSpeechSchema = z.strictObject({
  worker,
  callAgentId,
  recognizedSeconds: z
    .number()
    .min(0)
    .max(1_000_000)
    .describe('Length of the sentences that were recognized since the process has the agent.'),
  spokenCharacters: z.int().min(0).max(1_000_000_000).describe('Characters that it has spoken since.'),
});
export type ReportSpeech = z.output<typeof reportSpeechSchema>;

export const answerSchema = z.strictObject({
  worker,
  callAgentId,
  speaker: lineSchema(200).describe('The name of the participant who spoke.'),
  text: linesSchema(8_000).describe('What they said, as it was recognized.'),
});
export type AnswerInCall = z.output<typeof answerSchema>;
