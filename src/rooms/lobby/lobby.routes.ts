import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { cancelLobbyEntry, decideLobby, decideLobbyEntry } from './decide-lobby.ts';
import { lobbyErrors } from './lobby.errors.ts';
import { presentLobbyEntry } from './lobby.present.ts';
import {
  lobbyDecisionsSchema,
  lobbyEntryExample,
  lobbyEntrySchema,
  lobbyPageSchema,
  lobbyParamsSchema,
} from './lobby.schemas.ts';
import { getLobbyEntry, listLobby } from './read-lobby.ts';

const tag = 'Joining';
const readAccess = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const lobbyPath = '/api/v1/rooms/{roomId}/lobby';
const entryPath = `${lobbyPath}/{lobbyEntryId}`;

const entryResponse = (description: string) => ({
  200: { description, schema: lobbyEntrySchema, example: lobbyEntryExample },
});

/** Admitting and denying one person, or everybody who is waiting. */
const decisionRoutes = (['admitted', 'denied'] as const).flatMap((decision) => {
  const [verb, Verb] = decision === 'admitted' ? ['admit', 'Admit'] : ['deny', 'Deny'];
  const follows =
    decision === 'admitted'
      ? "The person's socket receives the decision, and for ten minutes they can join the open call, or the next one when none is " +
        'open, with `POST /rooms/{roomId}/token`.'
      : "The person's socket receives the decision, and after a minute they can ask again.";
  const example = { ...lobbyEntryExample, status: decision, decidedAt: '2026-01-05T09:31:00.000Z' };
  return [
    defineRoute({
      method: 'post',
      path: `${entryPath}/${verb}`,
      operationId: `lobby${Verb}`,
      tag,
      summary: `${Verb} a waiting person`,
      description:
        `${Verb === 'Admit' ? 'Admits' : 'Denies'} a person who is waiting in the lobby. Hosts and moderators of the ` +
        `room can do this. ${follows} Repeating the same decision changes nothing; a different decision is refused with ` +
        '`lobby.decided`.',
      access: readAccess,
      limit: 'api',
      params: lobbyParamsSchema,
      success: { 200: { description: 'The decided entry', schema: lobbyEntrySchema, example } },
      errors: [roomErrors.notFound, lobbyErrors.notFound, lobbyErrors.notModerator, lobbyErrors.decided],
      handle: (ctx, { params }) => decideLobbyEntry(ctx, params, params.lobbyEntryId, decision),
      respond: (entry) => ok(presentLobbyEntry(entry)),
    }),
    defineRoute({
      method: 'post',
      path: `${lobbyPath}/${verb}-all`,
      operationId: `lobby${Verb}All`,
      tag,
      summary: `${Verb} everybody waiting`,
      description:
        `${Verb === 'Admit' ? 'Admits' : 'Denies'} everybody who is waiting in the lobby, at most 500 people at once, the ` +
        `earliest first. Hosts and moderators of the room can do this. ${follows}`,
      access: readAccess,
      limit: 'api',
      params: roomParamsSchema,
      success: {
        200: {
          description: 'The decided entries',
          schema: lobbyDecisionsSchema,
          example: { data: [example] },
        },
      },
      errors: [roomErrors.notFound, lobbyErrors.notModerator],
      handle: (ctx, { params }) => decideLobby(ctx, params, decision),
      respond: (entries) => ok({ data: entries.map(presentLobbyEntry) }),
    }),
  ];
});

export const lobbyRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: lobbyPath,
    operationId: 'listLobby',
    tag,
    summary: 'List the lobby',
    description:
      'Lists the people who are waiting in the lobby of the room, in the order of their arrival. Hosts and moderators ' +
      'of the room can do this.',
    access: readAccess,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of lobby entries',
        schema: lobbyPageSchema,
        example: { data: [lobbyEntryExample], nextCursor: null },
      },
    },
    errors: [roomErrors.notFound, lobbyErrors.notModerator],
    handle: (ctx, { params, query }) => listLobby(ctx, params, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentLobbyEntry), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: entryPath,
    operationId: 'getLobbyEntry',
    tag,
    summary: 'Get a lobby entry',
    description:
      'Returns an entry of the lobby. A waiting person can read their own entry; hosts and moderators of the room can ' +
      'read all.',
    access: readAccess,
    limit: 'api',
    params: lobbyParamsSchema,
    success: entryResponse('The entry'),
    errors: [roomErrors.notFound, lobbyErrors.notFound],
    handle: (ctx, { params }) => getLobbyEntry(ctx, params, params.lobbyEntryId),
    respond: (entry) => ok(presentLobbyEntry(entry)),
  }),
  defineRoute({
    method: 'delete',
    path: entryPath,
    operationId: 'leaveLobby',
    tag,
    summary: 'Leave the lobby',
    description:
      "Cancels the caller's own lobby entry. The moderators of the room no longer see the caller waiting. " +
      'Repeating it changes nothing.',
    access: readAccess,
    limit: 'api',
    params: lobbyParamsSchema,
    success: { 204: { description: 'The caller has left the lobby' } },
    errors: [roomErrors.notFound, lobbyErrors.notFound, lobbyErrors.decided],
    handle: (ctx, { params }) => cancelLobbyEntry(ctx, params, params.lobbyEntryId),
    respond: noContent,
  }),
  ...decisionRoutes,
];
