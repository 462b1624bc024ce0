import { type Actor, actorId } from '../../kernel/core/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { answerRing, getRing, listRings } from './answer-ring.ts';
import { ringErrors } from './ringing.errors.ts';
import { type RingAnswer, isMissedBy, ringStatusFor } from './ringing.rules.ts';
import {
  answerRingSchema,
  ringExample,
  ringPageSchema,
  ringParamsSchema,
  ringQuerySchema,
  ringSchema,
  type RingView,
  startRingSchema,
} from './ringing.schemas.ts';
import { startRing } from './start-ring.ts';
import type { RingDetails } from './inbox-events.rules.ts';

const tag = 'Rings';
const listPath = '/api/v1/rings';
const path = `${listPath}/{ringId}`;
const readAccess = { kind: 'permission', permission: 'calls:read' } as const;

/** A ring as the actor, one of the two, sees it. */
function presentRing({ ring, caller, callee }: RingDetails, actor: Actor): RingView {
  const viewerId = actorId(actor)!;
  const { id, callerId, roomId, message, timeoutSeconds, unheard } = ring;
  const incoming = viewerId !== callerId;
  return {
    id,
    direction: incoming ? 'incoming' : 'outgoing',
    status: ringStatusFor(ring, viewerId),
    missed: isMissedBy(ring, viewerId),
    unheard: incoming && unheard !== 'blocked' ? unheard : null,
    from: caller,
    to: callee,
    roomId,
    message,
    timeoutSeconds,
    createdAt: ring.createdAt.toISOString(),
    expiresAt: ring.expiresAt.toISOString(),
    endedAt: ring.endedAt?.toISOString() ?? null,
  };
}

const success = (description: string) => ({ description, schema: ringSchema, example: ringExample });

/** One of the three ways to end a ring. */
const defineAnswerRoute = (verb: string, answer: RingAnswer, operationId: string, summary: string): Route =>
  defineRoute({
    method: 'post',
    path: `${path}/${verb}`,
    operationId,
    tag,
    summary,
    description:
      'Of several devices that answer at once one is first; the others are told that the ring is over.',
    access: readAccess,
    limit: 'api',
    params: ringParamsSchema,
    body: { schema: answerRingSchema, example: {} },
    idempotent: true,
    success: { 200: success('The ring as it is now') },
    errors: [ringErrors.notFound, ringErrors.notYours, ringErrors.over],
    handle: (ctx, { params, body }) => answerRing(ctx, params.ringId, answer, body.connectionId),
    respond: (details, { actor }) => ok(presentRing(details, actor)),
  });

export const ringRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'startRing',
    tag,
    summary: 'Ring a person of the organization',
    description:
      'All devices of the person ring until one answers, the caller cancels, or the time runs out. Without a room the ' +
      'two meet in one of their own. Who may see the presence of the person is told at once that they are busy or not ' +
      'to be disturbed; everybody else sees a ring that nobody answers.',
    access: { kind: 'permission', permission: 'calls:write' },
    limit: 'api',
    body: {
      schema: startRingSchema,
      example: { to: 'usr_01jd3v7q8gf4kr2x6a0w9mznpf', message: 'Two minutes about the offer?' },
    },
    idempotent: true,
    success: { 201: success('The ring') },
    errors: [
      ringErrors.personNotFound,
      ringErrors.notReachable,
      ringErrors.self,
      ringErrors.roomEnded,
      ringErrors.keptOut,
      ringErrors.crossed,
      ringErrors.alreadyRinging,
      ringErrors.tooMany,
      roomErrors.notFound,
    ],
    roundTrips: {
      max: 3,
      reason: "what keeps the caller from ringing stands behind the callee's own wall and is read within it",
    },
    handle: (ctx, { body }) => startRing(ctx, body),
    respond: (details, { actor }) => created(presentRing(details, actor), `${listPath}/${details.ring.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listRings',
    tag,
    summary: "List the caller's rings, newest first",
    access: readAccess,
    limit: 'api',
    query: ringQuerySchema,
    success: {
      200: {
        description: 'A page, newest first',
        schema: ringPageSchema,
        example: { data: [ringExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listRings(ctx, query),
    respond: ({ data, nextCursor }, { actor }) =>
      ok({ data: data.map((details) => presentRing(details, actor)), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getRing',
    tag,
    summary: "Read one of the caller's rings",
    access: readAccess,
    limit: 'api',
    params: ringParamsSchema,
    success: { 200: success('The ring') },
    errors: [ringErrors.notFound],
    handle: (ctx, { params }) => getRing(ctx, params.ringId),
    respond: (details, { actor }) => ok(presentRing(details, actor)),
  }),
  defineAnswerRoute('accept', 'accepted', 'acceptRing', 'Accept a ring'),
  defineAnswerRoute('decline', 'declined', 'declineRing', 'Decline a ring'),
  defineAnswerRoute('cancel', 'cancelled', 'cancelRing', 'Stop ringing somebody'),
];
