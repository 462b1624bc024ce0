import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { cancelRun, repeatRun, sendRunMail } from './manage-runs.ts';
import { getRun, listRuns } from './read-runs.ts';
import { runErrors } from './workflow-runs.errors.ts';
import { presentRun } from './workflow-runs.present.ts';
import {
  listRunsSchema,
  repeatRunSchema,
  roomParamsOfRunsSchema,
  runExample,
  runPageSchema,
  runParamsSchema,
  runSchema,
  sendMailSchema,
} from './workflow-runs.schemas.ts';

const tag = 'Meeting workflows';
const listPath = '/api/v1/rooms/{roomId}/workflow-runs';
const path = `${listPath}/{runId}`;
const readAccess = { kind: 'permission', permission: 'transcripts:read' } as const;
const writeAccess = { kind: 'permission', permission: 'transcripts:write' } as const;
const success = (description: string) => ({ 200: { description, schema: runSchema, example: runExample } });
const errorsOfRoom = [roomErrors.notFound, moderatorErrors.notModerator];
const errorsOfRun = [...errorsOfRoom, runErrors.notFound];
const moderators = 'Hosts and moderators of the room can do this.';

export const runRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listWorkflowRuns',
    tag,
    summary: 'List workflow runs',
    description: `Lists the runs of meeting workflows for the calls of a room, the newest first. ${moderators}`,
    access: readAccess,
    limit: 'api',
    params: roomParamsOfRunsSchema,
    query: listRunsSchema,
    success: {
      200: {
        description: 'A page of runs',
        schema: runPageSchema,
        example: { data: [{ ...runExample, mail: null }], nextCursor: null },
      },
    },
    errors: errorsOfRoom,
    handle: (ctx, { params, query }) => listRuns(ctx, params.roomId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map((run) => presentRun(run)), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getWorkflowRun',
    tag,
    summary: 'Get a workflow run',
    description:
      'Returns a run with the mail that it drafted and each of its steps: state, reason, attempts, cost ' +
      `and time. ${moderators}`,
    access: readAccess,
    limit: 'api',
    params: runParamsSchema,
    success: success('The run'),
    errors: errorsOfRun,
    roundTrips: { max: 2, reason: 'the mail is made of the summary that the run names' },
    handle: (ctx, { params }) => getRun(ctx, params),
    respond: ({ run, mail }) => ok(presentRun(run, mail), run.version),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/repeat`,
    operationId: 'repeatWorkflowRun',
    tag,
    summary: 'Repeat a workflow run',
    description:
      'Repeats a run that is over from one of its steps, with the authority of the caller: a run that ' +
      'failed, or whose transcript was corrected since. New costs are added to the earlier ones. A ' +
      `mail is drafted again, and sent only when it is confirmed. ${moderators}`,
    access: writeAccess,
    limit: 'ai',
    params: runParamsSchema,
    body: { schema: repeatRunSchema, example: { from: 'summarize' } },
    idempotent: true,
    success: success('The run, which continues'),
    errors: [...errorsOfRun, runErrors.running, runErrors.nothingToRepeat],
    handle: (ctx, { params, body }) => repeatRun(ctx, params, body),
    respond: (run) => ok(presentRun(run), run.version),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/send-mail`,
    operationId: 'sendWorkflowMail',
    tag,
    summary: "Send a workflow run's mail",
    description:
      'Sends the mail that a run has drafted to its recipients, as it is in the version of the run ' +
      `that the caller has read. Guests get no mail: their addresses are not known. ${moderators}`,
    access: writeAccess,
    limit: 'api',
    params: runParamsSchema,
    body: { schema: sendMailSchema, example: { version: 7 } },
    idempotent: true,
    roundTrips: { max: 3, reason: 'the run names the call whose attendees are the recipients' },
    success: success('The run, which is sending it'),
    errors: [...errorsOfRun, runErrors.noDraft, runErrors.running, runErrors.outdated],
    handle: (ctx, { params, body }) => sendRunMail(ctx, params, body),
    respond: (run) => ok(presentRun(run), run.version),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/cancel`,
    operationId: 'cancelWorkflowRun',
    tag,
    summary: 'Cancel a workflow run',
    description: `Ends a run; what its steps have done is kept. ${moderators}`,
    access: writeAccess,
    limit: 'api',
    params: runParamsSchema,
    success: success('The run, which is over'),
    errors: [...errorsOfRun, runErrors.notRunning],
    handle: (ctx, { params }) => cancelRun(ctx, params),
    respond: (run) => ok(presentRun(run), run.version),
  }),
];
