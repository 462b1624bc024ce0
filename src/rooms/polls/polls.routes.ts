import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../access/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { closePoll, deletePoll, openPoll } from './open-poll.ts';
import { pollErrors } from './polls.errors.ts';
import { presentPoll } from './polls.rules.ts';
import {
  openPollSchema,
  pollExample,
  pollPageSchema,
  pollParamsSchema,
  pollSchema,
  votePageSchema,
  voteSchema,
} from './polls.schemas.ts';
import { getPoll, listPolls, listVotes } from './read-polls.ts';
import { castVote } from './cast-vote.ts';

const tag = 'Polls';
const listPath = '/api/v1/rooms/{roomId}/polls';
const path = `${listPath}/{pollId}`;
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const { notModerator } = moderatorErrors;
const readErrors = [roomErrors.notFound, accessErrors.removed, accessErrors.denied] as const;
const pollSuccess = (description: string) => ({
  200: { description, schema: pollSchema, example: pollExample },
});
const unvotedExample = { ...pollExample, voters: 0, voted: false, ownChoices: null };

export const pollRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'openPoll',
    tag,
    summary: 'Ask everybody in the room',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: {
      schema: openPollSchema,
      example: { question: 'When shall we meet again?', options: ['Next week', 'Next month'] },
    },
    idempotent: true,
    success: { 201: { description: 'The poll', schema: pollSchema, example: unvotedExample } },
    errors: [roomErrors.notFound, notModerator],
    handle: (ctx, { params, body }) => openPoll(ctx, params, body),
    respond: (view) => created(view, `/api/v1/rooms/${view.roomId}/polls/${view.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listPolls',
    tag,
    summary: "List the room's polls, the newest first",
    access,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page',
        schema: pollPageSchema,
        example: { data: [pollExample], nextCursor: null },
      },
    },
    errors: readErrors,
    handle: (ctx, { params, query }) => listPolls(ctx, params, query),
    respond: ({ roomAccess, page: { data, nextCursor } }) =>
      ok({ data: data.map((each) => presentPoll(each, roomAccess)), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: path,
    operationId: 'getPoll',
    tag,
    summary: 'Read a poll, with its results where they are shown to the caller',
    access,
    limit: 'api',
    params: pollParamsSchema,
    success: pollSuccess('The poll'),
    errors: [...readErrors, pollErrors.notFound],
    handle: (ctx, { params }) => getPoll(ctx, params, params.pollId),
    respond: ({ roomAccess, found }) => ok(presentPoll(found, roomAccess)),
  }),
  defineRoute({
    method: 'delete',
    path: path,
    operationId: 'deletePoll',
    tag,
    summary: 'Delete a poll with its votes',
    access,
    limit: 'api',
    params: pollParamsSchema,
    success: { 204: { description: 'Deleted' } },
    errors: [...readErrors, notModerator, pollErrors.notFound],
    handle: (ctx, { params }) => deletePoll(ctx, params, params.pollId),
    respond: noContent,
  }),
  defineRoute({
    method: 'put',
    path: `${path}/vote`,
    operationId: 'vote',
    tag,
    summary: 'Vote, or vote anew where the poll allows it',
    description: 'For who is or was in a call of the room. Each identity has one vote.',
    access,
    limit: 'api',
    params: pollParamsSchema,
    body: { schema: voteSchema, example: { choices: ['1'] } },
    success: { 204: { description: 'Counted' } },
    errors: [
      ...readErrors,
      pollErrors.notFound,
      pollErrors.closed,
      pollErrors.alreadyVoted,
      pollErrors.notVoter,
    ],
    handle: (ctx, { params, body }) => castVote(ctx, params, params.pollId, body),
    respond: noContent,
  }),
  defineRoute({
    method: 'get',
    path: `${path}/votes`,
    operationId: 'listVotes',
    tag,
    summary: 'List who voted for what, in a poll that is not anonymous',
    access,
    limit: 'api',
    params: pollParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page',
        schema: votePageSchema,
        example: {
          data: [{ identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe', choices: ['1'] }],
          nextCursor: null,
        },
      },
    },
    errors: [roomErrors.notFound, notModerator, pollErrors.notFound, pollErrors.anonymous],
    handle: (ctx, { params, query }) => listVotes(ctx, params, params.pollId, query),
    respond: (page) => ok(page),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/close`,
    operationId: 'closePoll',
    tag,
    summary: 'End the vote',
    access,
    limit: 'api',
    params: pollParamsSchema,
    success: pollSuccess('The poll with all of its votes'),
    errors: [...readErrors, notModerator, pollErrors.notFound],
    roundTrips: { max: 3, reason: 'the votes are counted once nobody can vote any more' },
    handle: (ctx, { params }) => closePoll(ctx, params, params.pollId),
    respond: (view) => ok(view),
  }),
];
