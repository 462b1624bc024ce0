import { exampleId } from '../../kernel/core/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { agentErrors } from '../agents/index.ts';
import { conversationErrors } from '../agent-conversations/index.ts';
import { generationErrors } from '../generations/index.ts';
import { answerInCall } from './answer-in-call.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import {
  answerSchema,
  callAgentExample,
  pollAnswerSchema,
  pollSchema,
  processHeadersSchema,
} from './call-agents.schemas.ts';
import { pollCallAgents, requireProcess } from './poll-call-agents.ts';

const tag = 'Agents';
const EVENTS = 'text/event-stream';
const access = { kind: 'public', reason: 'processes of agents have a secret of their own' } as const;
const { eventsGone: _gone, generationNotFound: _none, notRunning: _over, ...failures } = generationErrors;

/** For processes of the platform that take agents into calls. */
export const processRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/agents/poll',
    operationId: 'pollCallAgents',
    tag,
    summary: 'Poll agents in calls',
    description:
      'For processes of the platform that take agents into calls: reports those that a process has, and gives it others. It is asked several ' +
      'times a second; a process that has not asked for six seconds has lost its agents, and another one gets them.',
    access,
    limit: 'webhook',
    headers: processHeadersSchema,
    body: {
      schema: pollSchema,
      example: { worker: 'agents-1', capacity: 4, holding: [callAgentExample.id] },
    },
    success: {
      200: {
        description: 'What the process starts and stops',
        schema: pollAnswerSchema,
        example: {
          start: [
            {
              callAgentId: callAgentExample.id,
              url: 'wss://media.example',
              token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
              name: callAgentExample.name,
              group: exampleId('organization'),
              room: {
                url: `wss://api.example/api/v1/rooms/${exampleId('room')}/socket`,
                ticket: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
              },
            },
          ],
          stop: [],
        },
      },
    },
    errors: [callAgentErrors.badSecret],
    roundTrips: { max: 20, reason: 'each agent that changes hands is a commit of its own organization' },
    async handle(ctx, { body, headers }) {
      await requireProcess(ctx, headers.authorization);
      return pollCallAgents(ctx, body);
    },
    respond: (answer) => ok(answer),
  }),
  defineRoute({
    method: 'post',
    path: '/agents/answers',
    operationId: 'answerInCall',
    tag,
    summary: 'Answer in a call',
    description:
      'For processes of the platform that take agents into calls: asks an agent that the process has for its answer to what was said, which comes ' +
      'as the events of a generation. An answer before that is still being given ends.',
    access,
    limit: 'webhook',
    headers: processHeadersSchema,
    body: {
      schema: answerSchema,
      example: {
        worker: 'agents-1',
        callAgentId: callAgentExample.id,
        speaker: 'Ada',
        text: 'When is the weekly review?',
      },
    },
    timeLimitSeconds: 60,
    roundTrips: { max: 4, reason: 'the process is asked about ahead of the conversation, keys and budget' },
    success: { 201: { description: 'The events of the answer', mediaTypes: [EVENTS] } },
    errors: [
      callAgentErrors.badSecret,
      callAgentErrors.notHeld,
      conversationErrors.notFound,
      conversationErrors.full,
      conversationErrors.answering,
      agentErrors.notFound,
      agentErrors.switchedOff,
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
      ...Object.values(failures),
    ],
    async handle(ctx, { body, headers }) {
      await requireProcess(ctx, headers.authorization);
      return answerInCall(ctx, body);
    },
    respond: ({ answer, events }) => ({
      status: 201,
      raw: { content: events!, type: EVENTS },
      headers: {
        Location: `/api/v1/ai/generations/${answer.generationId}`,
        'Cache-Control': 'no-store',
      },
    }),
  }),
];
