import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../access/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { castVote } from './cast-vote.ts';
import { closePoll } from './close-poll.ts';
import { deletePoll } from './delete-poll.ts';
import { openPoll } from './open-poll.ts';
import { pollErrors } from './polls.errors.ts';
import { presentPoll } from './polls.present.ts';
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

const tag = 'Polls';
const listPath = '/api/v1/rooms/{roomId}/polls';
const path = `${listPath}/{pollId}`;
/** The role in the room decides, and guests can have any role. */
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
    summary: 'Open a poll',
    description:
      'Asks the people in the room a question. Everybody in the live room sees it at once and can vote until it is ' +
      'closed or the room ends. At most 50 polls of a room are open at a time. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: {
      schema: openPollSchema,
      example: { question: 'When shall we meet again?', options: ['Next week', 'Next month'] },
    },
    idempotent: true,
    success: { 201: { description: 'The new poll', schema: pollSchema, example: unvotedExample } },
    errors: [roomErrors.notFound, notModerator, pollErrors.roomEnded, pollErrors.tooManyOpen],
    handle: (ctx, { params, body }) => openPoll(ctx, params, body),
    respond: (view) => created(view, `/api/v1/rooms/${view.roomId}/polls/${view.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listPolls',
    tag,
    summary: 'List polls',
    description:
      "Lists the room's polls, newest first, with results if the caller may see them. Members of the " +
      'organization and guests who were in a call of the room can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of polls',
        schema: pollPageSchema,
        example: { data: [pollExample], nextCursor: null },
      },
    },
    errors: readErrors,
    handle: (ctx, { params, query }) => listPolls(ctx, params, query),
    respond: ({ access: roomAccess, page: { data, nextCursor } }) =>
      ok({ data: data.map((each) => presentPoll(each, roomAccess)), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getPoll',
    tag,
    summary: 'Get a poll',
    description:
      'Returns a poll, with results if the caller may see them. Members of the organization and guests who ' +
      'were in a call of the room can do this.',
    access,
    limit: 'api',
    params: pollParamsSchema,
    success: pollSuccess('The poll'),
    errors: [...readErrors, pollErrors.notFound],
    handle: (ctx, { params }) => getPoll(ctx, params, params.pollId),
    respond: ({ access: roomAccess, counted }) => ok(presentPoll(counted, roomAccess)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deletePoll',
    tag,
    summary: 'Delete a poll',
    description:
      'Deletes a poll with its votes; in the live room it shows as closed. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: pollParamsSchema,
    success: { 204: { description: 'The poll is deleted' } },
    errors: [...readErrors, notModerator, pollErrors.notFound],
    handle: (ctx, { params }) => deletePoll(ctx, params, params.pollId),
    respond: noContent,
  }),
  defineRoute({
    method: 'put',
    path: `${path}/vote`,
    operationId: 'vote',
    tag,
    summary: 'Vote in a poll',
    description:
      'Stores the vote of the caller, or replaces their earlier one where the poll allows it. People who are or were ' +
      'in a call of the room can vote, once for each identity; agents and observers cannot. A guest who joins again by a ' +
      'link, with another visitor key, is another identity: where that matters, use a `restricted` link or a lobby.',
    access,
    limit: 'api',
    params: pollParamsSchema,
    body: { schema: voteSchema, example: { choices: ['1'] } },
    success: { 204: { description: 'The vote is counted' } },
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
    summary: 'List votes',
    description:
      'Lists the votes with their voters, ordered by identity. Hosts and moderators can do this; the votes of an anonymous ' +
      'poll are never listed.',
    access,
    limit: 'api',
    params: pollParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of votes',
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
    summary: 'Close a poll',
    description:
      'Takes no further votes and shows the results to everybody. The answer counts every vote that was accepted. ' +
      'Hosts and moderators can do this. Repeating it changes nothing.',
    access,
    limit: 'api',
    params: pollParamsSchema,
    success: pollSuccess('The closed poll with all of its votes'),
    errors: [...readErrors, notModerator, pollErrors.notFound],
    roundTrips: { max: 3, reason: 'the votes are counted once nobody can vote any more' },
    handle: (ctx, { params }) => closePoll(ctx, params, params.pollId),
    respond: (view) => ok(view),
  }),
];
