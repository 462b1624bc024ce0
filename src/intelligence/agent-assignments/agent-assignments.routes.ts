import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { linkErrors } from '../../rooms/links/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { agentErrors } from '../agents/index.ts';
import { assignmentErrors } from './agent-assignments.errors.ts';
import { presentAssignment } from './agent-assignments.present.ts';
import {
  assignmentExample,
  assignmentListSchema,
  assignmentParamsSchema,
  assignmentSchema,
  createAssignmentSchema,
  roomOfAssignmentsSchema,
} from './agent-assignments.schemas.ts';
import { assignAgent, listAssignments, unassignAgent } from './manage-assignments.ts';

const tag = 'Agents';
const listPath = '/api/v1/rooms/{roomId}/agent-assignments';
const path = `${listPath}/{assignmentId}`;
const access = { kind: 'permission', permission: 'rooms:read' } as const;
const errorsOfRoom = [roomErrors.notFound, accessErrors.removed, accessErrors.denied] as const;

export const assignmentRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'assignAgent',
    tag,
    summary: 'Assign an agent',
    description:
      'Assigns an agent to a room: it joins each call by itself once the first participant has ' +
      'joined. With a link, it joins once a guest has come through that link. It joins as if the ' +
      'caller invited it at that moment, with the authority and the budget that they have then. It is ' +
      'a participant whose name says that it is an agent. It never joins where recordings need ' +
      'consent. When it cannot join, `lastAttempt` says why. When it is removed from a call, it stays ' +
      'away until the next one. Hosts and moderators can do this, for a link only hosts; guests and ' +
      'API keys cannot. A room has at most five assigned agents.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'api',
    params: roomOfAssignmentsSchema,
    body: { schema: createAssignmentSchema, example: { agentId: assignmentExample.agentId, linkId: null } },
    idempotent: true,
    roundTrips: { max: 3, reason: 'the room decides ahead of the agent' },
    success: {
      201: {
        description: 'The assignment',
        schema: assignmentSchema,
        example: { ...assignmentExample, lastAttempt: null },
      },
    },
    errors: [
      ...errorsOfRoom,
      accessErrors.notManager,
      moderatorErrors.notModerator,
      linkErrors.notFound,
      agentErrors.notFound,
      agentErrors.switchedOff,
      assignmentErrors.exists,
      assignmentErrors.tooMany,
      entitlementErrors.featureNotIncluded,
    ],
    handle: (ctx, { params, body }) => assignAgent(ctx, params.roomId, body),
    respond: (row) =>
      created(presentAssignment(row), `/api/v1/rooms/${row.roomId}/agent-assignments/${row.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listAgentAssignments',
    tag,
    summary: 'List agent assignments',
    description:
      'Lists the agents that join calls of a room by themselves, with the outcome of the last ' +
      'attempt. Everybody who may see the room gets them; only hosts get the agents of links.',
    access,
    limit: 'api',
    params: roomOfAssignmentsSchema,
    success: {
      200: {
        description: 'The assignments',
        schema: assignmentListSchema,
        example: { data: [assignmentExample] },
      },
    },
    errors: [...errorsOfRoom],
    handle: (ctx, { params }) => listAssignments(ctx, params.roomId),
    respond: (rows) => ok({ data: rows.map(presentAssignment) }),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'unassignAgent',
    tag,
    summary: 'Unassign an agent',
    description:
      'Ends the assignment: the agent no longer joins calls of the room by itself. It stays in a call ' +
      'that it has joined. Hosts and moderators can do this, for a link only hosts.',
    access,
    limit: 'api',
    params: assignmentParamsSchema,
    success: { 204: { description: 'It joins no more calls by itself' } },
    errors: [...errorsOfRoom, moderatorErrors.notModerator, assignmentErrors.notFound],
    handle: (ctx, { params }) => unassignAgent(ctx, params.roomId, params.assignmentId),
    respond: noContent,
  }),
];
