import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import type { ModuleManifest } from '../../kernel/modules/index.ts';
import { defineRoute, ok, type Reply, type Route } from '../../platform/http/index.ts';
import { foldTools, type Tool } from '../../platform/tools/index.ts';
import { agentErrors } from '../agents/index.ts';
import { generationErrors } from '../generations/index.ts';
import { conversationErrors } from './agent-conversations.errors.ts';
import { answerExample, questionExample } from './agent-conversations.examples.ts';
import { presentMessage } from './agent-conversations.present.ts';
import {
  agentMessagePageSchema,
  answeredMessageSchema,
  conversationParamsSchema,
  decideCallsSchema,
  answerParamsSchema,
  sendMessageSchema,
} from './agent-conversations.schemas.ts';
import { listMessages } from './manage-conversations.ts';
import { decideCalls } from './decide-calls.ts';
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

const success = {
  200: { description: 'The answer, or the calls that the person has to confirm first', ...answered },
  201: { description: 'The events of the answer', mediaTypes: [EVENTS] },
  202: {
    description:
      'The answer is not finished; or an earlier request with the same idempotency key has asked for it',
    ...answered,
  },
};

const errors = [
  conversationErrors.notFound,
  conversationErrors.answering,
  agentErrors.notFound,
  agentErrors.switchedOff,
  entitlementErrors.featureNotIncluded,
  entitlementErrors.limitReached,
  cancelled,
  ...Object.values(failures),
];

const common = {
  tag,
  access: { kind: 'permission', permission: 'ai:write' },
  limit: 'ai',
  idempotent: true,
  dispatches: true,
  timeLimitSeconds: 60,
  success,
} as const;

function respond(sent: SentMessage): Reply {
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
}

/** @param modules of the whole product, which declare the tools that an agent may call */
export function messageRoutes(modules: () => readonly ModuleManifest[]): readonly Route[] {
  let folded: readonly Tool[] | undefined;
  const tools = () => (folded ??= foldTools(modules()));
  return [sendRoute(tools), decideRoute(tools), listRoute];
}

const sendRoute = (tools: () => readonly Tool[]): Route =>
  defineRoute({
    ...common,
    method: 'post',
    path,
    operationId: 'sendAgentMessage',
    summary: 'Message an agent',
    description:
      'Sends a question to the agent. The agent gets up to 40 earlier messages, and the memories that ' +
      'its version names and that the caller may see; it cites memories by number. It may call the ' +
      'tools that its version names with the credential of the caller, in up to six rounds and 40 ' +
      'seconds. When a call has to be confirmed, the answer is `awaiting` until the caller decides or ' +
      'asks the next question. Budget, limits and usage are those of generations of the caller. With ' +
      '`stream` the answer comes as the server-sent events of its generation, whose address is in ' +
      '`Location`; a lost connection can be resumed there. For an agent with tools, the stream has ' +
      'the events of all rounds, with an event `steps` after each. That stream cannot be resumed, but ' +
      'the message keeps the whole answer. One question is answered at a time.',
    params: conversationParamsSchema,
    body: { schema: sendMessageSchema, example: { text: questionExample.text } },
    bodyLimitBytes: 256 * 1024,
    roundTrips: { max: 3, reason: 'what was said before is read ahead of keys and budget' },
    errors: [...errors, conversationErrors.full],
    handle: (ctx, { params, body, request, dispatch }) =>
      sendMessage(ctx, params.conversationId, body, { tools: tools(), request, dispatch }),
    respond,
  });

const decideRoute = (tools: () => readonly Tool[]): Route =>
  defineRoute({
    ...common,
    method: 'post',
    path: `${path}/{answerId}/decision`,
    operationId: 'decideAgentCalls',
    summary: 'Decide about tool calls',
    description:
      'Confirms calls of tools that an answer awaits, and refuses the others; then the agent answers. ' +
      'A confirmed call is made once, exactly as it is shown, with the credential of the caller, who ' +
      'is the owner of the conversation.',
    params: answerParamsSchema,
    body: { schema: decideCallsSchema, example: { confirmed: [1] } },
    roundTrips: {
      max: 5,
      reason: 'the decision is stored before calls are made, and these before the model is asked',
    },
    errors: [...errors, conversationErrors.messageNotFound, conversationErrors.notAwaiting],
    handle: (ctx, { params, body, request, dispatch }) =>
      decideCalls(ctx, params, body, { tools: tools(), request, dispatch }),
    respond,
  });

const listRoute = defineRoute({
  method: 'get',
  path,
  operationId: 'listAgentMessages',
  tag,
  summary: 'List conversation messages',
  description: 'Lists the messages of a conversation of the caller or of a shared one, the newest first.',
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
});
