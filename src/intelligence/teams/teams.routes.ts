import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { createTeam, deleteTeam, updateTeam } from './change-teams.ts';
import { getTeam, listTeams } from './read-teams.ts';
import { teamErrors } from './teams.errors.ts';
import { createTeamExample, teamExample } from './teams.examples.ts';
import { presentTeam } from './teams.present.ts';
import {
  createTeamSchema,
  teamPageSchema,
  teamParamsSchema,
  teamSchema,
  updateTeamSchema,
} from './teams.schemas.ts';

const tag = 'Teams';
const listPath = '/api/v1/ai/teams';
const path = `${listPath}/{teamId}`;
const readAccess = { kind: 'permission', permission: 'agents:read' } as const;
const writeAccess = { kind: 'permission', permission: 'agents:write' } as const;
const success = (description: string) => ({ description, schema: teamSchema, example: teamExample });
const changers = 'Only its author and those with `agents:manage` can do this.';

export const teamRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createTeam',
    tag,
    summary: 'Create a team',
    description:
      'Creates a team of agents that the caller may see. A run uses the version of each agent that is ' +
      'published when it starts. The plan must include the feature `agents`.',
    access: writeAccess,
    limit: 'api',
    body: { schema: createTeamSchema, example: createTeamExample },
    idempotent: true,
    success: { 201: success('The team') },
    errors: [teamErrors.tooMany, entitlementErrors.featureNotIncluded],
    handle: (ctx, { body }) => createTeam(ctx, body),
    respond: (row) => created(presentTeam(row), `${listPath}/${row.id}`, row.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listTeams',
    tag,
    summary: 'List teams',
    description: 'Lists the teams of agents of the organization, the newest first.',
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of teams',
        schema: teamPageSchema,
        example: { data: [teamExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listTeams(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentTeam), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getTeam',
    tag,
    summary: 'Get a team',
    description: 'Returns a team. A deleted agent remains in it until the team is changed.',
    access: readAccess,
    limit: 'api',
    params: teamParamsSchema,
    success: { 200: success('The team') },
    errors: [teamErrors.notFound],
    handle: (ctx, { params }) => getTeam(ctx, params.teamId),
    respond: (row) => ok(presentTeam(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateTeam',
    tag,
    summary: 'Update a team',
    description:
      'Changes a team; fields that are left out keep their value. Runs that have begun keep the earlier ' +
      `version. ${changers}`,
    access: writeAccess,
    limit: 'api',
    params: teamParamsSchema,
    body: { schema: updateTeamSchema, example: { turnLimit: 30 } },
    concurrency: true,
    success: { 200: success('The updated team') },
    errors: [teamErrors.notFound],
    handle: (ctx, { params, body, ifMatch }) => updateTeam(ctx, params.teamId, body, ifMatch),
    respond: (row) => ok(presentTeam(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteTeam',
    tag,
    summary: 'Delete a team',
    description: `Deletes a team. Its running runs end; they can still be read. ${changers}`,
    access: writeAccess,
    limit: 'api',
    params: teamParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The team is deleted' } },
    errors: [teamErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteTeam(ctx, params.teamId, ifMatch),
    respond: noContent,
  }),
];
