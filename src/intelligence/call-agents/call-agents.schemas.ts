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
      'The conversation in which it listens and answers; it belongs to the person who invited the ' +
        'agent.',
    ),
    name: z.string().describe('Its name in the call.'),
    seesScreens: z
      .boolean()
      .describe(
        'Whether it came as an agent that sees shared screens, as its name says. It sees them while its ' +
          'published version allows that, too.',
      ),
    invitedBy: idSchema('user').describe(
      'The person who invited it, with whose authority and budget it answers.',
    ),
    state: z
      .enum(CALL_AGENT_STATES)
      .describe('`requested` until a process has it, `active` while a process has it, then `ended`.'),
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
  seesScreens: false,
  invitedBy: exampleId('user'),
  state: 'active',
  reason: null,
  createdAt: '2026-01-05T09:30:00.000Z',
};

const worker = lineSchema(100).describe('Names the process; it is another one after each start.');
export const processHeadersSchema = z.object({
  authorization: z.string().max(1_000).default('').describe('`Bearer` and the secret of the processes.'),
});

export const pollSchema = z.strictObject({
  worker,
  capacity: z.int().min(0).max(50).describe('Number of further agents that the process can take.'),
  holding: z
    .array(callAgentId)
    .max(50)
    .describe('The agents that the process keeps. It gives up the lease of those that are missing here.'),
});
export type PollCallAgents = z.output<typeof pollSchema>;

export const pollAnswerSchema = z
  .object({
    start: z
      .array(
        z.object({
          callAgentId,
          url: z.string().describe('Address of the media server.'),
          token: z.string().describe('Admits the participant.'),
          name: z.string().describe('Its name in the call.'),
          group: z.string().describe('The group with which it takes turns at the speech service.'),
          voice: z
            .string()
            .nullable()
            .describe('The voice of the speech service with which it speaks; null for that of the process.'),
          room: z
            .object({
              url: z.string().describe('Address of the socket of the room.'),
              ticket: z.string().describe('A ticket that opens the socket as the participant.'),
            })
            .openapi('CallAgentRoom')
            .describe('The socket of the room, for its chat and raised hands.'),
        }),
      )
      .describe('Agents that are assigned to the process now.'),
    stop: z
      .array(callAgentId)
      .describe('Agents that the process no longer has; it takes them out of their calls.'),
    sees: z
      .array(callAgentId)
      .describe('Agents of the process that may see shared screens now; all others subscribe to none.'),
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
    .describe('Length of the sentences that were recognized since the process has had the agent.'),
  spokenCharacters: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .describe('Characters that the agent has spoken in the same time.'),
});
export type ReportSpeech = z.output<typeof reportSpeechSchema>;

/** A picture of at most a million pixels, without compression. */
const MAX_PICTURE = 4_010_000;

const screenSchema = z
  .strictObject({
    identity: lineSchema(200).describe('The identity of the participant who shares it.'),
    png: z.base64().min(1).max(MAX_PICTURE).describe('The picture, a PNG file in base64.'),
  })
  .openapi('CallAgentScreen');

export const answerSchema = z.strictObject({
  worker,
  callAgentId,
  speaker: lineSchema(200).describe('The name of the participant who spoke.'),
  text: linesSchema(8_000).describe('The words of the participant, as they were recognized.'),
  screen: screenSchema
    .optional()
    .describe(
      'A screen as it was shared when the question was asked. It is stored nowhere, and ignored unless the ' +
        'agent may see it and the participant is in the call.',
    ),
});
export type AnswerInCall = z.output<typeof answerSchema>;
