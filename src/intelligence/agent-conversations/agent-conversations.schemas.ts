import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, linesSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { agentIdSchema } from '../agents/index.ts';
import { GENERATION_FAILURES } from '../generations/index.ts';
import { STEP_STATES } from '../agent-tools/index.ts';
import { MESSAGE_KINDS, MESSAGE_STATES } from './agent-conversations.enums.ts';

const conversationId = idSchema('agentConversation').describe('Id of the conversation.');
export const conversationParamsSchema = z.strictObject({ conversationId });

const title = lineSchema(200).nullable().describe('What it is about, up to 200 characters; null for none.');
const shared = z
  .boolean()
  .describe('Whether everybody with `agents:read` may read it; otherwise its owner alone can.');

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
    owner: z.string().describe('The user or API key whose it is.'),
    title,
    shared,
    messageCount: z.int().describe('How many questions and answers it has.'),
    createdAt: z.iso.datetime().describe('When it was begun.'),
    updatedAt: z.iso.datetime().describe('When something was last said or changed.'),
  })
  .openapi('AgentConversation');
export type ConversationView = z.output<typeof conversationSchema>;
export const conversationPageSchema = pageSchema(conversationSchema).openapi('AgentConversationPage');

export const sendMessageSchema = z.strictObject({
  text: linesSchema(32_000).describe('What is asked, 1 to 32,000 characters.'),
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
      'Numbers of the steps whose calls are made, as they are shown; the others that await a decision are refused.',
    ),
  stream: z
    .boolean()
    .default(false)
    .describe('Whether the answer comes as a stream of events while it is given.'),
});
export type DecideCalls = z.output<typeof decideCallsSchema>;

const stepSchema = z
  .object({
    number: z.int().min(1).describe('The number by which the answer cites its result.'),
    tool: z.string().describe('The tool.'),
    connectionId: idSchema('mcpConnection')
      .nullable()
      .describe('The connection to the MCP server that has it; null for a tool of the product.'),
    input: z.record(z.string(), z.unknown()).describe('With what it is called.').openapi('AgentStepInput'),
    state: z
      .enum(STEP_STATES)
      .describe(
        '`awaiting` a decision of the person, `running`, `done`, `failed`, or `refused` by them. One that is `running` after its answer has ended ' +
          'may have been done or not.',
      ),
    result: z
      .string()
      .nullable()
      .describe('What it returned, up to 2,000 characters; null before, and when the answer was stored.'),
    cited: z.boolean().describe('Whether the answer cites it.'),
  })
  .openapi('AgentStep');

const sourceSchema = z.object({
  number: z.int().min(1).describe('The number by which the answer cites it, as in `[1]`.'),
  memoryId: idSchema('memory').describe('The memory that the agent was given.'),
  cited: z.boolean().describe('Whether the answer cites it.'),
});

export const agentMessageSchema = z
  .object({
    id: idSchema('agentMessage').describe('Id of the message.'),
    kind: z.enum(MESSAGE_KINDS).describe('`question`: what a person said; `answer`: what the agent said.'),
    state: z
      .enum(MESSAGE_STATES)
      .describe(
        '`running` while the agent answers, `awaiting` while a step awaits a decision of the person, then how that ended.',
      ),
    failure: z.enum(GENERATION_FAILURES).nullable().describe('Why it failed; null when it did not.'),
    text: z.string().describe('What was said; of an answer that was cut, what came. Empty while it runs.'),
    sources: z.array(sourceSchema).describe('Memories that were retrieved for the answer and given to it.'),
    steps: z.array(stepSchema).describe('Calls of tools that were made or asked for to answer.'),
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
    answer: agentMessageSchema.describe('The answer, or what is known of it while it runs.'),
  })
  .openapi('AnsweredAgentMessage');
