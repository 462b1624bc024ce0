import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../access/index.ts';
import { admissionErrors } from '../admission/index.ts';
import { moderationErrors } from '../moderation/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { assignPeople } from './assign-people.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { presentBreakouts } from './breakouts.present.ts';
import {
  assignBreakoutsSchema,
  breakoutParamsSchema,
  breakoutsExample,
  breakoutsPageSchema,
  breakoutsSchema,
  chooseGroupSchema,
  chosenGroupSchema,
  openBreakoutsSchema,
} from './breakouts.schemas.ts';
import { chooseGroup } from './choose-group.ts';
import { openBreakouts } from './open-breakouts.ts';
import { getBreakouts, listBreakouts } from './read-breakouts.ts';
import { recallPeople } from './recall-people.ts';

const tag = 'Breakout rooms';
const listPath = '/api/v1/rooms/{roomId}/breakouts';
const path = `${listPath}/{breakoutId}`;
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const { notModerator } = moderatorErrors;
const { participantNotFound } = moderationErrors;
const { notFound, alreadyOpen, nested, closed, notSelfChosen, unknownPeople } = breakoutErrors;
const breakoutsSuccess = (description: string) => ({
  200: { description, schema: breakoutsSchema, example: breakoutsExample },
});

export const breakoutRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'openBreakouts',
    tag,
    summary: 'Open breakout rooms',
    description:
      'Divides a room into breakout rooms, each a room of its own, and sends people there. Their socket receives a ' +
      'ticket, with which `POST /rooms/{roomId}/enter` admits them to their breakout room. Hosts and moderators of the ' +
      'room can do this. A room has one set of open breakout rooms at a time.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: {
      schema: openBreakoutsSchema,
      example: { rooms: 2, assignment: 'automatic', durationSeconds: 900 },
    },
    idempotent: true,
    timeLimitSeconds: 30,
    success: {
      201: { description: 'The new breakout rooms', schema: breakoutsSchema, example: breakoutsExample },
    },
    errors: [
      entitlementErrors.featureNotIncluded,
      roomErrors.notFound,
      notModerator,
      admissionErrors.ended,
      alreadyOpen,
      nested,
      unknownPeople,
    ],
    handle: (ctx, { params, body }) => openBreakouts(ctx, params, body),
    respond: (view) => created(view, `/api/v1/rooms/${view.roomId}/breakouts/${view.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listBreakouts',
    tag,
    summary: 'List breakout rooms',
    description:
      'Lists the sets of breakout rooms that the room has had, newest first. Everybody with access to the room can do ' +
      'this, except people who were removed and guests who were never admitted.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of breakout rooms',
        schema: breakoutsPageSchema,
        example: { data: [breakoutsExample], nextCursor: null },
      },
    },
    errors: [roomErrors.notFound, accessErrors.removed, accessErrors.denied],
    handle: (ctx, { params, query }) => listBreakouts(ctx, params, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentBreakouts), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: path,
    operationId: 'getBreakouts',
    tag,
    summary: 'Get breakout rooms',
    description:
      'Returns one set of breakout rooms, with the people assigned to each. Everybody with access to the room can do ' +
      'this, except people who were removed and guests who were never admitted.',
    access,
    limit: 'api',
    params: breakoutParamsSchema,
    success: breakoutsSuccess('The breakout rooms'),
    errors: [roomErrors.notFound, accessErrors.removed, accessErrors.denied, notFound],
    handle: (ctx, { params }) => getBreakouts(ctx, params, params.breakoutId),
    respond: ({ session }) => ok(presentBreakouts(session), session.breakout.version),
  }),
  defineRoute({
    method: 'put',
    path: `${path}/assignments`,
    operationId: 'assignBreakouts',
    tag,
    summary: 'Assign people to breakout rooms',
    description:
      'Replaces the assignment of people to the open breakout rooms. People whose breakout room changes are sent to the ' +
      'new one, and people who are not named are sent back to the room. Hosts and moderators of the room can do this.',
    access,
    limit: 'api',
    params: breakoutParamsSchema,
    body: { schema: assignBreakoutsSchema, example: { groups: [] } },
    concurrency: true,
    timeLimitSeconds: 30,
    success: breakoutsSuccess('The updated breakout rooms'),
    errors: [roomErrors.notFound, notModerator, notFound, closed, unknownPeople],
    handle: (ctx, { params, body, ifMatch }) => assignPeople(ctx, params, params.breakoutId, body, ifMatch),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/join`,
    operationId: 'chooseBreakout',
    tag,
    summary: 'Join a breakout room',
    description:
      'Assigns the caller to a breakout room, or moves them from another. The response has a ticket, with which ' +
      '`POST /rooms/{roomId}/enter` admits them. Only people in the call of the room can do this, and only if ' +
      '`assignment` is `self_chosen`.',
    access,
    limit: 'api',
    params: breakoutParamsSchema,
    body: { schema: chooseGroupSchema, example: { roomId: breakoutsExample.rooms[0]!.roomId } },
    success: {
      200: {
        description: 'The ticket for the breakout room',
        schema: chosenGroupSchema,
        example: {
          roomId: breakoutsExample.rooms[0]!.roomId,
          ticket: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1c3JfMDFqZDN2In0.c2lnbmF0dXJl',
          expiresAt: '2026-01-05T09:40:00.000Z',
        },
      },
    },
    errors: [roomErrors.notFound, participantNotFound, notFound, closed, notSelfChosen],
    handle: (ctx, { params, body }) => chooseGroup(ctx, params, params.breakoutId, body),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/recall`,
    operationId: 'recallBreakouts',
    tag,
    summary: 'Close breakout rooms',
    description:
      'Sends everybody back to the room and ends the breakout rooms with their calls. Hosts and moderators of the room ' +
      'can do this. Repeating it changes nothing.',
    access,
    limit: 'api',
    params: breakoutParamsSchema,
    timeLimitSeconds: 60,
    success: breakoutsSuccess('The closed breakout rooms'),
    errors: [roomErrors.notFound, notModerator, notFound],
    handle: (ctx, { params }) => recallPeople(ctx, params, params.breakoutId),
    respond: (view) => ok(view),
  }),
];
