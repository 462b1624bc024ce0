import { exampleId } from '../../kernel/core/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { agentErrors } from '../agents/index.ts';
import { conversationErrors } from '../agent-conversations/index.ts';
import { generationErrors } from '../generations/index.ts';
import { answerInCall } from './answer-in-call.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import {
  answerSchema,
  leaveOnRequestSchema,
  reportSpeechSchema,
  callAgentExample,
  pollAnswerSchema,
  pollSchema,
  processHeadersSchema,
} from './call-agents.schemas.ts';
import { leaveOnRequest } from './leave-on-request.ts';
import { pollCallAgents, requireProcess } from './poll-call-agents.ts';
import { reportSpeech } from './report-speech.ts';

const tag = 'Agents';
const EVENTS = 'text/event-stream';
const access = { kind: 'public', reason: 'processes of agents have a secret of their own' } as const;
const { eventsGone: _gone, generationNotFound: _none, notRunning: _over, ...failures } = generationErrors;

/** For the platform's processes that run agents in calls. */
export const processRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/agents/poll',
    operationId: 'pollCallAgents',
    tag,
    summary: 'Poll agents in calls',
    description:
      "For the platform's processes that run agents in calls: reports the agents that a process has, " +
      'and assigns it others. A process calls this several times a second. After six seconds without ' +
      'a call, it loses its agents to another process.',
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
              voice: null,
              room: {
                url: `wss://api.example/api/v1/rooms/${exampleId('room')}/socket`,
                ticket: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
              },
            },
          ],
          stop: [],
          sees: [],
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
    summary: 'Answer as an agent',
    description:
      "For the platform's processes that run agents in calls: asks an agent that the process has to " +
      'answer what was said, perhaps with a picture of a shared screen. The answer comes as the events of ' +
      'a generation. An earlier answer that is still being given ends.',
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
    bodyLimitBytes: 4 * 1024 * 1024,
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
  defineRoute({
    method: 'post',
    path: '/agents/leave',
    operationId: 'askAgentToLeave',
    tag,
    summary: 'Ask an agent to leave',
    description:
      "For the platform's processes that run agents in calls: reports that a participant has asked the " +
      'agent to leave, aloud or in the chat. If they are a host or moderator of the call, the agent is ' +
      'removed at once.',
    access,
    limit: 'webhook',
    headers: processHeadersSchema,
    body: {
      schema: leaveOnRequestSchema,
      example: { worker: 'agents-1', callAgentId: callAgentExample.id, identity: exampleId('user') },
    },
    roundTrips: { max: 3, reason: 'the agent says in which room its participant is' },
    success: { 204: { description: 'The agent has left' } },
    errors: [
      callAgentErrors.badSecret,
      callAgentErrors.notHeld,
      moderatorErrors.notModerator,
      accessErrors.removed,
      roomErrors.notFound,
    ],
    async handle(ctx, { body, headers }) {
      await requireProcess(ctx, headers.authorization);
      return leaveOnRequest(ctx, body);
    },
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/agents/speech',
    operationId: 'reportAgentSpeech',
    tag,
    summary: 'Report speech of an agent',
    description:
      "For the platform's processes that run agents in calls: reports how much sound of an agent was " +
      'recognized and how much it has spoken. Both are totals since the process has had the agent, so ' +
      'the same report again changes nothing. Sound that the plan no longer covers is counted, and ' +
      'the agent leaves.',
    access,
    limit: 'webhook',
    headers: processHeadersSchema,
    body: {
      schema: reportSpeechSchema,
      example: {
        worker: 'agents-1',
        callAgentId: callAgentExample.id,
        recognizedSeconds: 12.4,
        spokenCharacters: 320,
      },
    },
    roundTrips: { max: 3, reason: 'what the plan does not cover is counted by a second commit' },
    success: { 204: { description: 'It is counted' } },
    errors: [callAgentErrors.badSecret, callAgentErrors.notFound],
    async handle(ctx, { body, headers }) {
      await requireProcess(ctx, headers.authorization);
      return reportSpeech(ctx, body);
    },
    respond: noContent,
  }),
];
