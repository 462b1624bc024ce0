import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { deleteRating, getRating, listRatings, rateAnswer } from './rate-answers.ts';
import { ratingErrors } from './ratings.errors.ts';
import { presentListed, presentRating } from './ratings.present.ts';
import {
  listedRatingExample,
  rateAnswerExample,
  rateAnswerSchema,
  ratingExample,
  ratingPageSchema,
  ratingParamsSchema,
  ratingSchema,
} from './ratings.schemas.ts';

const tag = 'AI quality';
const listPath = '/api/v1/ai/ratings';
const path = `${listPath}/{answerId}`;
const success = { 200: { description: 'The rating', schema: ratingSchema, example: ratingExample } };

export const ratingRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listAnswerRatings',
    tag,
    summary: 'List ratings',
    description:
      'Lists the ratings of answers by people of the organization, the newest first, without the ' +
      'person and the answer.',
    access: { kind: 'permission', permission: 'analytics:read' },
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of ratings',
        schema: ratingPageSchema,
        example: { data: [listedRatingExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listRatings(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentListed), nextCursor }),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'rateAnswer',
    tag,
    summary: 'Rate an answer',
    description:
      'Rates an answer that has ended and that the caller may read, by a thumb or a score. It ' +
      "replaces the caller's earlier rating of the answer. It is deleted with the answer, or with the " +
      "person's account. Those with `analytics:read` can read reason and text, without a name.",
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'api',
    params: ratingParamsSchema,
    body: { schema: rateAnswerSchema, example: rateAnswerExample },
    roundTrips: { max: 6, reason: 'what the answer belongs to says who may read it' },
    success,
    errors: [ratingErrors.answerNotFound, ratingErrors.notEnded],
    handle: (ctx, { params, body }) => rateAnswer(ctx, params.answerId, body),
    respond: (row) => ok(presentRating(row)),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getAnswerRating',
    tag,
    summary: 'Get a rating',
    description: "Returns the caller's own rating of an answer.",
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    params: ratingParamsSchema,
    success,
    errors: [ratingErrors.notFound],
    handle: (ctx, { params }) => getRating(ctx, params.answerId),
    respond: (row) => ok(presentRating(row)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteAnswerRating',
    tag,
    summary: 'Delete a rating',
    description: "Removes the caller's own rating of an answer.",
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'api',
    params: ratingParamsSchema,
    success: { 204: { description: 'The rating is deleted' } },
    errors: [ratingErrors.notFound],
    handle: (ctx, { params }) => deleteRating(ctx, params.answerId),
    respond: noContent,
  }),
];
