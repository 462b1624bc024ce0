import { type Actor, actorId } from '../../kernel/core/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
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

/** A ring as the actor, its caller or its callee, sees it. */
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
const defineAnswerRoute = (
  verb: string,
  answer: RingAnswer,
  operationId: string,
  summary: string,
  description: string,
): Route =>
  defineRoute({
    method: 'post',
    path: `${path}/${verb}`,
    operationId,
    tag,
    summary,
    description,
    access: readAccess,
    limit: 'api',
    params: ringParamsSchema,
    body: { schema: answerRingSchema, example: {} },
    idempotent: true,
    success: { 200: success('The updated ring') },
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
    summary: 'Start a ring',
    description:
      "Rings a member of the organization, the callee. All of the callee's devices ring until one of them " +
      'answers, the caller cancels, or the time runs out. Without a `roomId` the two meet in a direct room of ' +
      'their own, which is created by their first ring. If the callee is busy or does not want to be disturbed, a ' +
      'caller who may see their presence gets `busy` or `declined` at once. Any other caller sees a ring that is ' +
      'not answered. At most 6 rings in 10 minutes to the same callee.',
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
      entitlementErrors.limitReached,
    ],
    roundTrips: {
      max: 3,
      reason:
        "what silences the ring is protected by the callee's tenant policy and is read in the callee's scope",
    },
    handle: (ctx, { body }) => startRing(ctx, body),
    respond: (details, { actor }) => created(presentRing(details, actor), `${listPath}/${details.ring.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listRings',
    tag,
    summary: 'List rings',
    description:
      'Returns the rings that the current user started or received in the last 90 days, newest first. Rings that ' +
      'were started while their caller was blocked are not included.',
    access: readAccess,
    limit: 'api',
    query: ringQuerySchema,
    success: {
      200: {
        description: 'A page of rings',
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
    summary: 'Get a ring',
    description: 'Returns a ring that the current user started or received.',
    access: readAccess,
    limit: 'api',
    params: ringParamsSchema,
    success: { 200: success('The ring') },
    errors: [ringErrors.notFound],
    handle: (ctx, { params }) => getRing(ctx, params.ringId),
    respond: (details, { actor }) => ok(presentRing(details, actor)),
  }),
  defineAnswerRoute(
    'accept',
    'accepted',
    'acceptRing',
    'Accept a ring',
    'Accepts an incoming ring; only the callee can. All devices of both users stop ringing. If several devices answer ' +
      'at the same time, the first wins and the others get `ringing.over`. Join the room of the ring next.',
  ),
  defineAnswerRoute(
    'decline',
    'declined',
    'declineRing',
    'Decline a ring',
    'Declines an incoming ring; only the callee can. All devices of both users stop ringing. If several devices answer ' +
      'at the same time, the first wins and the others get `ringing.over`.',
  ),
  defineAnswerRoute(
    'cancel',
    'cancelled',
    'cancelRing',
    'Cancel a ring',
    'Cancels an outgoing ring; only the caller can. All devices of both users stop ringing, and the callee finds a ' +
      'missed ring. If the callee answered first, the answer is `ringing.over`.',
  ),
];
