import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, linesSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { agentIdSchema } from '../agents/index.ts';
import { GENERATION_FAILURES } from '../generations/index.ts';
import { STEP_STATES } from '../agent-tools/index.ts';
import { MESSAGE_KINDS, MESSAGE_STATES } from './agent-conversations.enums.ts';

const conversationId = idSchema('agentConversation').describe('Id of the conversation.');
export const conversationParamsSchema = z.strictObject({ conversationId });

const title = lineSchema(200)
  .nullable()
  .describe('Topic of the conversation, up to 200 characters; null for none.');
const shared = z
  .boolean()
  .describe('Whether everybody with `agents:read` may read it; otherwise only its owner can.');

export const createConversationSchema = z.strictObject({ title: title.default(null) });
export type CreateConversation = z.output<typeof createConversationSchema>;

export const updateConversationSchema = z
  .strictObject({ title: title.optional(), shared: shared.optional() })
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type UpdateConversation = z.output<typeof updateConversationSchema>;

export const listConversationsSchema = pageQuerySchema.extend({
  agentId: agentIdSchema.optional().describe('Only conversations with this agent.'),
});
export type ListConversations = z.output<typeof listConversationsSchema>;

export const conversationSchema = z
  .object({
    id: conversationId,
    agentId: agentIdSchema,
    owner: z.string().describe('The user or API key that owns it.'),
    title,
    shared,
    inCall: z
      .boolean()
      .describe(
        'Whether it is that of an agent in a call. Such a conversation is deleted 90 days after its last message.',
      ),
    messageCount: z.int().describe('Number of its questions and answers.'),
    createdAt: z.iso.datetime().describe('When it was created.'),
    updatedAt: z.iso.datetime().describe('When it last got a message or was changed.'),
  })
  .openapi('AgentConversation');
export type ConversationView = z.output<typeof conversationSchema>;
export const conversationPageSchema = pageSchema(conversationSchema).openapi('AgentConversationPage');

export const sendMessageSchema = z.strictObject({
  text: linesSchema(32_000).describe('The question, 1 to 32,000 characters.'),
  stream: z
    .boolean()
    .default(false)
    .describe('Whether the answer comes as a stream of events while it is given.'),
});
export type SendMessage = z.output<typeof sendMessageSchema>;

export const answerParamsSchema = z.strictObject({
  conversationId,
  answerId: idSchema('agentMessage').describe('Id of the answer.'),
});

export const decideCallsSchema = z.strictObject({
  confirmed: z
    .array(z.int().min(1))
    .max(8)
    .describe(
      'Numbers of the steps whose calls are confirmed, as they are shown; the other steps that await ' +
        'a decision are refused.',
    ),
  stream: z
    .boolean()
    .default(false)
    .describe('Whether the answer comes as a stream of events while it is given.'),
});
export type DecideCalls = z.output<typeof decideCallsSchema>;

const stepSchema = z
  .object({
    number: z.int().min(1).describe('The number by which the answer cites the result of the call.'),
    tool: z.string().describe('The tool.'),
    connectionId: idSchema('mcpConnection')
      .nullable()
      .describe('The connection to the MCP server of the tool; null for a tool of the product.'),
    input: z.record(z.string(), z.unknown()).describe('The input of the call.').openapi('AgentStepInput'),
    state: z
      .enum(STEP_STATES)
      .describe(
        '`awaiting` a decision of the person, `running`, `done`, `failed`, or `refused` by the ' +
          'person. When a step is still `running` after its answer has ended, its call may or may not ' +
          'have been made.',
      ),
    result: z
      .string()
      .nullable()
      .describe(
        'The result of the tool, up to 2,000 characters; null before, and once the answer is stored.',
      ),
    cited: z.boolean().describe('Whether the answer cites it.'),
  })
  .openapi('AgentStep');

const sourceSchema = z.object({
  number: z.int().min(1).describe('The number by which the answer cites it, as in `[1]`.'),
  memoryId: idSchema('memory').describe('The memory that the agent got.'),
  cited: z.boolean().describe('Whether the answer cites it.'),
});

export const agentMessageSchema = z
  .object({
    id: idSchema('agentMessage').describe('Id of the message.'),
    kind: z
      .enum(MESSAGE_KINDS)
      .describe('`question`: a message of a person; `answer`: a message of the agent.'),
    state: z
      .enum(MESSAGE_STATES)
      .describe(
        '`running` while the agent answers, `awaiting` while a step awaits a decision of the person; ' +
          'then how the answer ended.',
      ),
    failure: z.enum(GENERATION_FAILURES).nullable().describe('Why it failed; null when it did not.'),
    text: z
      .string()
      .describe('The text. When the answer was cut off, the part that came; empty while it runs.'),
    sources: z
      .array(sourceSchema)
      .describe('Memories that were retrieved for the answer and given to the agent.'),
    steps: z.array(stepSchema).describe('Calls of tools that were made or requested for the answer.'),
    agentVersion: z.int().nullable().describe('The version of the agent that answers; null for a question.'),
    generationId: idSchema('generation')
      .nullable()
      .describe('The generation that gives the answer; null for a question.'),
    createdAt: z.iso.datetime().describe('When it was sent.'),
    endedAt: z.iso.datetime().nullable().describe('When it was complete; null while it runs.'),
  })
  .openapi('AgentMessage');
export type AgentMessageView = z.output<typeof agentMessageSchema>;
export const agentMessagePageSchema = pageSchema(agentMessageSchema).openapi('AgentMessagePage');

export const answeredMessageSchema = z
  .object({
    question: agentMessageSchema.describe('The message that was sent.'),
    answer: agentMessageSchema.describe('The answer, or its state while it runs.'),
  })
  .openapi('AnsweredAgentMessage');
