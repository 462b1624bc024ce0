import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { agentErrors } from '../agents/index.ts';
import { conversationErrors } from '../agent-conversations/index.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import { presentCallAgent } from './call-agents.present.ts';
import {
  callAgentExample,
  callAgentListSchema,
  callAgentParamsSchema,
  callAgentSchema,
  inviteAgentSchema,
  roomOfAgentsSchema,
} from './call-agents.schemas.ts';
import { inviteAgent } from './invite-agent.ts';
import { listCallAgents, removeCallAgent } from './manage-call-agents.ts';

const tag = 'Agents';
const listPath = '/api/v1/rooms/{roomId}/agents';
const path = `${listPath}/{callAgentId}`;
const access = { kind: 'permission', permission: 'rooms:read' } as const;
const errorsOfRoom = [roomErrors.notFound, accessErrors.removed, accessErrors.denied] as const;

export const callAgentRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'inviteAgent',
    tag,
    summary: 'Invite an agent',
    description:
      'Brings an agent into the active call of a room. Within seconds it joins as a participant with ' +
      'the role `agent`, whose name says that it is an agent; it listens, and answers by voice. It ' +
      'answers with the authority and the budget of the person who invites it, and in a conversation ' +
      'of theirs. It gets only memories of the room. It leaves when the call ends, when it is ' +
      'removed, and when that person leaves the organization. Hosts and moderators can do this; ' +
      'guests and API keys cannot. Agents cannot join rooms whose recordings need consent.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'api',
    params: roomOfAgentsSchema,
    body: { schema: inviteAgentSchema, example: { agentId: callAgentExample.agentId } },
    idempotent: true,
    roundTrips: { max: 3, reason: 'the room decides ahead of the agent' },
    success: {
      201: { description: 'The agent in the call', schema: callAgentSchema, example: callAgentExample },
    },
    errors: [
      ...errorsOfRoom,
      moderatorErrors.notModerator,
      agentErrors.notFound,
      agentErrors.switchedOff,
      callAgentErrors.noCall,
      callAgentErrors.needsConsent,
      callAgentErrors.tooMany,
      callAgentErrors.notConfigured,
      conversationErrors.tooMany,
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
    ],
    handle: (ctx, { params, body }) => inviteAgent(ctx, params.roomId, body),
    respond: (row) => created(presentCallAgent(row), `/api/v1/rooms/${row.roomId}/agents/${row.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listCallAgents',
    tag,
    summary: 'List agents in a call',
    description: 'Lists the agents that were invited into the active call of a room.',
    access,
    limit: 'api',
    params: roomOfAgentsSchema,
    success: {
      200: { description: 'The agents', schema: callAgentListSchema, example: { data: [callAgentExample] } },
    },
    errors: [...errorsOfRoom],
    handle: (ctx, { params }) => listCallAgents(ctx, params.roomId),
    respond: (rows) => ok({ data: rows.map(presentCallAgent) }),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'removeCallAgent',
    tag,
    summary: 'Remove a call agent',
    description: 'Takes an agent out of its call at once. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: callAgentParamsSchema,
    success: { 204: { description: 'The agent has left' } },
    errors: [...errorsOfRoom, moderatorErrors.notModerator, callAgentErrors.notFound],
    handle: (ctx, { params }) => removeCallAgent(ctx, params.roomId, params.callAgentId),
    respond: noContent,
  }),
];
