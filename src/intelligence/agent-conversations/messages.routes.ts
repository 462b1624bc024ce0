import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { agentErrors } from '../agents/index.ts';
import { generationErrors } from '../generations/index.ts';
import { conversationErrors } from './agent-conversations.errors.ts';
import { answerExample, questionExample } from './agent-conversations.examples.ts';
import { presentMessage } from './agent-conversations.present.ts';
import {
  agentMessagePageSchema,
  answeredMessageSchema,
  conversationParamsSchema,
  sendMessageSchema,
} from './agent-conversations.schemas.ts';
import { listMessages } from './manage-conversations.ts';
import { sendMessage, type SentMessage } from './send-message.ts';

const tag = 'Agents';
const path = '/api/v1/ai/conversations/{conversationId}/messages';
const EVENTS = 'text/event-stream';

const {
  cancelled,
  eventsGone: _gone,
  generationNotFound: _notFound,
  notRunning: _notRunning,
  ...failures
} = generationErrors;

const answered = {
  schema: answeredMessageSchema,
  example: { question: questionExample, answer: answerExample },
};
const presentSent = ({ question, answer }: SentMessage) => ({
  question: presentMessage(question),
  answer: presentMessage(answer),
});

export const messageRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path,
    operationId: 'sendAgentMessage',
    tag,
    summary: 'Send a message',
    description:
      'Asks the agent. It is given what was said before, up to 40 messages, and the memories that its version names and that show to the ' +
      'caller; it cites those by number. Budget, limits and usage are those of a generation of the caller. With `stream` the answer comes as ' +
      'the server-sent events of that generation, whose address is in `Location`: there a lost connection continues. One question is ' +
      'answered at a time.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'ai',
    params: conversationParamsSchema,
    body: { schema: sendMessageSchema, example: { text: questionExample.text } },
    bodyLimitBytes: 256 * 1024,
    idempotent: true,
    timeLimitSeconds: 60,
    roundTrips: { max: 3, reason: 'what was said before is read ahead of keys and budget' },
    success: {
      200: { description: 'The answer', ...answered },
      201: { description: 'The events of the answer', mediaTypes: [EVENTS] },
      202: {
        description: 'It is being answered; or an earlier request with the same idempotency key has asked it',
        ...answered,
      },
    },
    errors: [
      conversationErrors.notFound,
      conversationErrors.full,
      conversationErrors.answering,
      agentErrors.notFound,
      agentErrors.switchedOff,
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
      cancelled,
      ...Object.values(failures),
    ],
    handle: (ctx, { params, body }) => sendMessage(ctx, params.conversationId, body),
    respond(sent) {
      const { answer, events } = sent;
      const headers = { Location: `/api/v1/ai/generations/${answer.generationId}` };
      if (events)
        return {
          status: 201,
          raw: { content: events, type: EVENTS },
          headers: { ...headers, 'Cache-Control': 'no-store' },
        };
      return answer.state === 'running'
        ? { status: 202, body: presentSent(sent), headers }
        : ok(presentSent(sent));
    },
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'listAgentMessages',
    tag,
    summary: 'List messages',
    description: 'Lists what was said in a conversation of the caller or in a shared one, the newest first.',
    access: { kind: 'permission', permission: 'agents:read' },
    limit: 'api',
    params: conversationParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of messages',
        schema: agentMessagePageSchema,
        example: { data: [answerExample, questionExample], nextCursor: null },
      },
    },
    errors: [conversationErrors.notFound],
    handle: (ctx, { params, query }) => listMessages(ctx, params.conversationId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentMessage), nextCursor }),
  }),
];
