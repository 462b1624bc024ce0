import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import {
  createWorkflow,
  deleteWorkflow,
  getWorkflow,
  listWorkflows,
  updateWorkflow,
} from './manage-workflows.ts';
import { workflowErrors } from './meeting-workflows.errors.ts';
import { presentWorkflow } from './meeting-workflows.present.ts';
import {
  createWorkflowExample,
  createWorkflowSchema,
  updateWorkflowSchema,
  workflowExample,
  workflowPageSchema,
  workflowParamsSchema,
  workflowSchema,
} from './meeting-workflows.schemas.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    'meeting-workflows': 'read' | 'write';
  }
}

const tag = 'Meeting workflows';
const listPath = '/api/v1/ai/workflows';
const path = `${listPath}/{workflowId}`;
const readAccess = { kind: 'permission', permission: 'meeting-workflows:read' } as const;
const writeAccess = { kind: 'permission', permission: 'meeting-workflows:write' } as const;
const success = (description: string) => ({ description, schema: workflowSchema, example: workflowExample });
const authority =
  'It runs in the name of its author, the person who changed it last, with the authority that they ' +
  'have at that time. That covers rooms that they may moderate, their permissions and the budget of ' +
  'the organization. API keys cannot be its author.';
const errorsOfWrite = [workflowErrors.roomsNotFound, entitlementErrors.featureNotIncluded];

export const workflowRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createMeetingWorkflow',
    tag,
    summary: 'Create a workflow',
    description:
      `Creates a workflow, which runs after calls. ${authority} The plan must include the feature ` +
      '`meeting_workflows`.',
    access: writeAccess,
    limit: 'api',
    body: { schema: createWorkflowSchema, example: createWorkflowExample },
    idempotent: true,
    success: { 201: success('The workflow') },
    errors: [workflowErrors.tooMany, ...errorsOfWrite],
    handle: (ctx, { body }) => createWorkflow(ctx, body),
    respond: (row) => created(presentWorkflow(row), `${listPath}/${row.id}`, row.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listMeetingWorkflows',
    tag,
    summary: 'List workflows',
    description: 'Lists the workflows of the organization, the newest first.',
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of workflows',
        schema: workflowPageSchema,
        example: { data: [workflowExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listWorkflows(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentWorkflow), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getMeetingWorkflow',
    tag,
    summary: 'Get a workflow',
    description: 'Returns a workflow of the organization.',
    access: readAccess,
    limit: 'api',
    params: workflowParamsSchema,
    success: { 200: success('The workflow') },
    errors: [workflowErrors.notFound],
    handle: (ctx, { params }) => getWorkflow(ctx, params.workflowId),
    respond: (row) => ok(presentWorkflow(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateMeetingWorkflow',
    tag,
    summary: 'Update a workflow',
    description:
      'Changes a workflow, also whether it is on; fields that are left out keep their value. ' +
      `${authority} Runs that have begun keep the earlier version.`,
    access: writeAccess,
    limit: 'api',
    params: workflowParamsSchema,
    body: { schema: updateWorkflowSchema, example: { enabled: false } },
    concurrency: true,
    success: { 200: success('The updated workflow') },
    errors: [workflowErrors.notFound, ...errorsOfWrite],
    handle: (ctx, { params, body, ifMatch }) => updateWorkflow(ctx, params.workflowId, body, ifMatch),
    respond: (row) => ok(presentWorkflow(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteMeetingWorkflow',
    tag,
    summary: 'Delete a workflow',
    description:
      'Deletes a workflow. Its runs are kept, and those that have begun continue; each can be ' +
      'cancelled.',
    access: writeAccess,
    limit: 'api',
    params: workflowParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The workflow is deleted' } },
    errors: [workflowErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteWorkflow(ctx, params.workflowId, ifMatch),
    respond: noContent,
  }),
];
