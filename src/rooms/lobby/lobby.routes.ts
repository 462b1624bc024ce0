import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { cancelLobbyEntry, decideLobby, decideLobbyEntry } from './decide-lobby.ts';
import { lobbyErrors } from './lobby.errors.ts';
import {
  lobbyDecisionsSchema,
  lobbyEntryExample,
  lobbyEntrySchema,
  type LobbyEntryView,
  lobbyPageSchema,
  lobbyParamsSchema,
} from './lobby.schemas.ts';
import type { LobbyEntry } from './lobby.tables.ts';
import { getLobbyEntry, listLobby } from './read-lobby.ts';

const tag = 'Joining';
const readAccess = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const lobbyPath = '/api/v1/rooms/{roomId}/lobby';
const entryPath = `${lobbyPath}/{lobbyEntryId}`;

function presentLobbyEntry({
  id,
  identity,
  kind,
  name,
  role,
  status,
  ...moments
}: LobbyEntry): LobbyEntryView {
  const { createdAt, expiresAt, decidedAt } = moments;
  return {
    id,
    identity,
    kind,
    name,
    role,
    status,
    requestedAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}

const entryResponse = (description: string) => ({
  200: { description, schema: lobbyEntrySchema, example: lobbyEntryExample },
});

/** Admitting and denying: one, or all who wait. */
const decisionRoutes = (['admitted', 'denied'] as const).flatMap((decision) => {
  const [verb, Verb] = decision === 'admitted' ? ['admit', 'Let in'] : ['deny', 'Turn away'];
  const suffix = verb === 'admit' ? 'Admit' : 'Deny';
  const example = { ...lobbyEntryExample, status: decision, decidedAt: '2026-01-05T09:31:00.000Z' };
  return [
    defineRoute({
      method: 'post',
      path: `${entryPath}/${verb}`,
      operationId: `lobby${suffix}`,
      tag,
      summary: `${Verb} somebody who waits in the lobby`,
      access: readAccess,
      limit: 'api',
      params: lobbyParamsSchema,
      success: { 200: { description: 'The entry, decided', schema: lobbyEntrySchema, example } },
      errors: [roomErrors.notFound, lobbyErrors.notFound, lobbyErrors.notModerator, lobbyErrors.decided],
      handle: (ctx, { params }) => decideLobbyEntry(ctx, params, params.lobbyEntryId, decision),
      respond: (entry) => ok(presentLobbyEntry(entry)),
    }),
    defineRoute({
      method: 'post',
      path: `${lobbyPath}/${verb}-all`,
      operationId: `lobby${suffix}All`,
      tag,
      summary: `${Verb} everybody who waits in the lobby`,
      access: readAccess,
      limit: 'api',
      params: roomParamsSchema,
      success: {
        200: {
          description: 'Who was decided about',
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
    summary: 'List who waits in the lobby',
    access: readAccess,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page, in the order they came',
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
    summary: "Read one's own lobby entry; moderators read any",
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
    access: readAccess,
    limit: 'api',
    params: lobbyParamsSchema,
    success: { 204: { description: 'Left' } },
    errors: [roomErrors.notFound, lobbyErrors.notFound, lobbyErrors.decided],
    handle: (ctx, { params }) => cancelLobbyEntry(ctx, params, params.lobbyEntryId),
    respond: noContent,
  }),
  ...decisionRoutes,
];
