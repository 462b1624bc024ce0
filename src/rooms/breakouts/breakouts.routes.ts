import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../access/index.ts';
import { admissionErrors } from '../admission/index.ts';
import { moderationErrors } from '../moderation/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { assignPeople } from './assign-people.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { presentBreakouts } from './breakouts.rules.ts';
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
    summary: 'Divide a room into groups and send people there',
    description:
      'Each group is a room of its own. Who is sent there gets a ticket by their socket, with which ' +
      '`POST /rooms/{roomId}/enter` lets them in.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: {
      schema: openBreakoutsSchema,
      example: { rooms: 2, assignment: 'automatic', durationSeconds: 900 },
    },
    idempotent: true,
    timeLimitSeconds: 30,
    success: { 201: { description: 'The groups', schema: breakoutsSchema, example: breakoutsExample } },
    errors: [roomErrors.notFound, notModerator, admissionErrors.ended, alreadyOpen, nested, unknownPeople],
    handle: (ctx, { params, body }) => openBreakouts(ctx, params, body),
    respond: (view) => created(view, `/api/v1/rooms/${view.roomId}/breakouts/${view.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listBreakouts',
    tag,
    summary: 'List the times that a room was divided, the newest first',
    access,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page',
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
    summary: 'Read who is in which group',
    access,
    limit: 'api',
    params: breakoutParamsSchema,
    success: breakoutsSuccess('The groups'),
    errors: [roomErrors.notFound, accessErrors.removed, accessErrors.denied, notFound],
    handle: (ctx, { params }) => getBreakouts(ctx, params, params.breakoutId),
    respond: ({ session }) => ok(presentBreakouts(session), session.breakout.version),
  }),
  defineRoute({
    method: 'put',
    path: `${path}/assignments`,
    operationId: 'assignBreakouts',
    tag,
    summary: 'Say anew who is in which group; whoever is named nowhere is sent back',
    access,
    limit: 'api',
    params: breakoutParamsSchema,
    body: { schema: assignBreakoutsSchema, example: { groups: [] } },
    concurrency: true,
    timeLimitSeconds: 30,
    success: breakoutsSuccess('The groups as they are now'),
    errors: [roomErrors.notFound, notModerator, notFound, closed, unknownPeople],
    handle: (ctx, { params, body, ifMatch }) => assignPeople(ctx, params, params.breakoutId, body, ifMatch),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/join`,
    operationId: 'chooseBreakout',
    tag,
    summary: 'Go to a group of one’s own choice',
    access,
    limit: 'api',
    params: breakoutParamsSchema,
    body: { schema: chooseGroupSchema, example: { roomId: breakoutsExample.rooms[0]!.roomId } },
    success: {
      200: {
        description: 'The way in',
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
    summary: 'Send everybody back and end the groups',
    access,
    limit: 'api',
    params: breakoutParamsSchema,
    timeLimitSeconds: 60,
    success: breakoutsSuccess('The groups, closed'),
    errors: [roomErrors.notFound, notModerator, notFound],
    handle: (ctx, { params }) => recallPeople(ctx, params, params.breakoutId),
    respond: (view) => ok(view),
  }),
];
