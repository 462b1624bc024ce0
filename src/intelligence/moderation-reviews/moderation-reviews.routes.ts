import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { moderatorErrors } from '../../rooms/access/index.ts';
import { moderationErrors } from '../../rooms/moderation/index.ts';
import { roomErrors, roomParamsSchema } from '../../rooms/rooms/index.ts';
import { decideReview } from './decide-review.ts';
import { reviewErrors } from './moderation-reviews.errors.ts';
import { presentReview, presentReviewWithContext } from './moderation-reviews.present.ts';
import {
  decidedExample,
  decideReviewSchema,
  listReviewsSchema,
  reviewExample,
  reviewPageSchema,
  reviewParamsSchema,
  reviewSchema,
  reviewWithContextExample,
  reviewWithContextSchema,
} from './moderation-reviews.schemas.ts';
import { getReview, listReviews, listRoomReviews } from './read-reviews.ts';

const tag = 'Moderation';
const listPath = '/api/v1/rooms/{roomId}/moderation/reviews';
const path = `${listPath}/{reviewId}`;
/** The role in the room decides. */
const access = { kind: 'permission', permission: 'rooms:read' } as const;
const moderators = 'Hosts and moderators of the room can do this, not guests.';
const roomErrorsOf = [roomErrors.notFound, moderatorErrors.notModerator] as const;
const page = {
  200: {
    description: 'A page of reviews',
    schema: reviewPageSchema,
    example: { data: [reviewExample], nextCursor: null },
  },
};

export const reviewRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/moderation/reviews',
    operationId: 'listModerationReviews',
    tag,
    summary: 'List moderation reviews',
    description:
      'Lists the findings of the moderation rules in all rooms that the caller may see, the newest ' +
      'first. Reviews are deleted 90 days after they ended.',
    access: { kind: 'permission', permission: 'moderation:read' },
    limit: 'api',
    query: listReviewsSchema,
    success: page,
    handle: (ctx, { query }) => listReviews(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentReview), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listRoomModerationReviews',
    tag,
    summary: "List a room's moderation reviews",
    description: `Lists what the rules of moderation have found in a room, the newest first. ${moderators}`,
    access,
    limit: 'api',
    params: roomParamsSchema,
    query: listReviewsSchema,
    success: page,
    errors: [...roomErrorsOf],
    handle: (ctx, { params, query }) => listRoomReviews(ctx, params, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentReview), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getModerationReview',
    tag,
    summary: 'Get a moderation review',
    description: `Returns a review, with the messages of the chat around it. ${moderators}`,
    access,
    limit: 'api',
    params: reviewParamsSchema,
    success: {
      200: { description: 'The review', schema: reviewWithContextSchema, example: reviewWithContextExample },
    },
    errors: [...roomErrorsOf, reviewErrors.notFound],
    roundTrips: { max: 2, reason: 'the review says what is around it' },
    handle: (ctx, { params }) => getReview(ctx, params),
    respond: (found) => ok(presentReviewWithContext(found)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/decide`,
    operationId: 'decideModerationReview',
    tag,
    summary: 'Decide a moderation review',
    description:
      'Approves or confirms the finding of a rule, once. When approved, a hidden message is posted in ' +
      'the name of its author. When confirmed, a visible message is deleted, and the author of a ' +
      'hidden one is notified in the room. Callers who may mute or remove the author can do that with ' +
      'it. Callers cannot decide about their own messages. ' +
      moderators,
    access,
    limit: 'api',
    params: reviewParamsSchema,
    body: { schema: decideReviewSchema, example: { decision: 'confirm' } },
    idempotent: true,
    success: { 200: { description: 'The review', schema: reviewSchema, example: decidedExample } },
    errors: [
      ...roomErrorsOf,
      reviewErrors.notFound,
      reviewErrors.decided,
      reviewErrors.ownMessage,
      reviewErrors.authorGone,
      reviewErrors.chatOff,
      moderationErrors.participantNotFound,
      moderationErrors.notHost,
      moderationErrors.noCall,
      moderationErrors.administrator,
    ],
    roundTrips: { max: 4, reason: 'the review names the author, whose place and files are read then' },
    handle: (ctx, { params, body }) => decideReview(ctx, params, body),
    respond: (row) => ok(presentReview(row)),
  }),
];
