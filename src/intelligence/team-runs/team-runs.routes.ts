import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { teamErrors, teamParamsSchema } from '../teams/index.ts';
import { getTeamRun, listTeamRuns, listTeamTurns } from './read-runs.ts';
import { startTeamRun } from './start-run.ts';
import { deleteTeamRun, stopTeamRun } from './stop-run.ts';
import { teamRunErrors } from './team-runs.errors.ts';
import {
  runningTeamRunExample,
  startTeamRunExample,
  teamRunExample,
  teamTurnExample,
} from './team-runs.examples.ts';
import { presentRun, presentTurn } from './team-runs.present.ts';
import {
  listTeamRunsSchema,
  startTeamRunSchema,
  teamRunPageSchema,
  teamRunParamsSchema,
  teamRunSchema,
  teamTurnPageSchema,
} from './team-runs.schemas.ts';

const tag = 'Teams';
const listPath = '/api/v1/ai/team-runs';
const path = `${listPath}/{runId}`;
const readAccess = { kind: 'permission', permission: 'agents:read' } as const;
const writeAccess = { kind: 'permission', permission: 'ai:write' } as const;

export const teamRunRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/ai/teams/{teamId}/runs',
    operationId: 'startTeamRun',
    tag,
    summary: 'Start a team run',
    description:
      "Gives a team a task, on which it works in the background; `GET` on the run's address shows its " +
      'progress. Each turn is a generation of the caller, within their authority, plan and budgets. ' +
      'Only the caller can see the run. Needs `ai:write` and `agents:read`.',
    access: writeAccess,
    limit: 'ai',
    params: teamParamsSchema,
    body: { schema: startTeamRunSchema, example: startTeamRunExample },
    bodyLimitBytes: 256 * 1024,
    idempotent: true,
    roundTrips: { max: 3, reason: 'the team says which agents must be there' },
    success: {
      202: { description: 'The run, which has begun', schema: teamRunSchema, example: runningTeamRunExample },
    },
    errors: [
      teamErrors.notFound,
      teamRunErrors.memberGone,
      teamRunErrors.tooMany,
      teamRunErrors.tooManyRunning,
      entitlementErrors.featureNotIncluded,
    ],
    handle: (ctx, { params, body }) => startTeamRun(ctx, params.teamId, body),
    respond: (row) => ({
      status: 202,
      body: presentRun(row),
      headers: { Location: `${listPath}/${row.id}` },
    }),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listTeamRuns',
    tag,
    summary: 'List team runs',
    description: "Lists the caller's own runs, the newest first.",
    access: readAccess,
    limit: 'api',
    query: listTeamRunsSchema,
    success: {
      200: {
        description: 'A page of runs',
        schema: teamRunPageSchema,
        example: { data: [teamRunExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listTeamRuns(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentRun), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getTeamRun',
    tag,
    summary: 'Get a team run',
    description: 'Returns a run of the caller, with its result once it has ended.',
    access: readAccess,
    limit: 'api',
    params: teamRunParamsSchema,
    success: { 200: { description: 'The run', schema: teamRunSchema, example: teamRunExample } },
    errors: [teamRunErrors.notFound],
    handle: (ctx, { params }) => getTeamRun(ctx, params.runId),
    respond: (row) => ok(presentRun(row)),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/turns`,
    operationId: 'listTeamTurns',
    tag,
    summary: 'List team turns',
    description:
      'Lists the turns of the members in a run of the caller, the first turn first, with their usage. ' +
      'The text of a running turn comes as events of its generation.',
    access: readAccess,
    limit: 'api',
    params: teamRunParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of turns',
        schema: teamTurnPageSchema,
        example: { data: [teamTurnExample], nextCursor: null },
      },
    },
    errors: [teamRunErrors.notFound],
    handle: (ctx, { params, query }) => listTeamTurns(ctx, params.runId, query),
    respond: ({ run, page: { data, nextCursor } }) =>
      ok({ data: data.map((row) => presentTurn(row, run)), nextCursor }),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/stop`,
    operationId: 'stopTeamRun',
    tag,
    summary: 'Stop a team run',
    description: 'Ends a run of the caller, also an answer that is being given. The result so far is kept.',
    access: writeAccess,
    limit: 'api',
    params: teamRunParamsSchema,
    roundTrips: { max: 3, reason: 'a run that shows to the caller is read before its turns' },
    success: {
      200: {
        description: 'The run',
        schema: teamRunSchema,
        example: { ...teamRunExample, state: 'stopped', result: null },
      },
    },
    errors: [teamRunErrors.notFound, teamRunErrors.over],
    handle: (ctx, { params }) => stopTeamRun(ctx, params.runId),
    respond: (row) => ok(presentRun(row)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteTeamRun',
    tag,
    summary: 'Delete a team run',
    description: 'Deletes a run of the caller that has ended, with all its turns.',
    access: writeAccess,
    limit: 'api',
    params: teamRunParamsSchema,
    success: { 204: { description: 'The run is deleted' } },
    errors: [teamRunErrors.notFound, teamRunErrors.running],
    handle: (ctx, { params }) => deleteTeamRun(ctx, params.runId),
    respond: noContent,
  }),
];
