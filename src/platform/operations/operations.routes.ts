import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Reply, type Route } from '../http/index.ts';
import { cancelOperation } from './cancel-operation.ts';
import { operationErrors } from './operations.errors.ts';
import {
  operationExample,
  operationPageSchema,
  operationParamsSchema,
  operationSchema,
  type OperationView,
} from './operations.schemas.ts';
import type { Operation } from './operations.tables.ts';
import { getOperation, listOperations, openOperationResult } from './read-operations.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    operations: 'read' | 'write';
  }
}

const tag = 'Operations';
const path = '/api/v1/operations/{operationId}';
const operationUrl = ({ id }: Operation) => `/api/v1/operations/${id}`;

function presentOperation(operation: Operation): OperationView {
  const { id, kind, status, progress, errorCode, errorDetail, createdAt, finishedAt, expiresAt } = operation;
  return {
    id,
    kind,
    status,
    progress,
    cancelRequested: operation.cancelRequestedAt !== null,
    ...(operation.resultKey === null ? {} : { resultUrl: `${operationUrl(operation)}/result` }),
    ...(errorCode === null
      ? {}
      : { error: { code: errorCode, ...(errorDetail === null ? {} : { detail: errorDetail }) } }),
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}

/** The reply of a route that starts an operation. */
export const acceptedReply = (operation: Operation): Reply => ({
  status: 202,
  body: presentOperation(operation),
  headers: { Location: operationUrl(operation) },
});

/** The success responses of a route that starts an operation. */
export const acceptedResponse = {
  202: {
    description: 'The operation that does the work; `Location` holds its URL.',
    schema: operationSchema,
    example: {
      ...operationExample,
      status: 'pending',
      progress: 0,
      resultUrl: undefined,
      finishedAt: null,
      expiresAt: null,
    },
  },
};

const visibility =
  'An operation is visible to callers with the permission that its request required; to others it does not exist.';

export const operationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/operations',
    operationId: 'listOperations',
    tag,
    summary: 'List operations',
    description: `Lists the long-running operations of the organization, newest first. ${visibility}`,
    access: { kind: 'permission', permission: 'operations:read' },
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of operations.',
        schema: operationPageSchema,
        example: { data: [operationExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listOperations(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentOperation), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getOperation',
    tag,
    summary: 'Get an operation',
    description: `Returns status and progress of a long-running operation. ${visibility}`,
    access: { kind: 'permission', permission: 'operations:read' },
    limit: 'api',
    params: operationParamsSchema,
    success: { 200: { description: 'The operation.', schema: operationSchema, example: operationExample } },
    errors: [operationErrors.notFound],
    handle: (ctx, { params }) => getOperation(ctx, params.operationId),
    respond: (operation) => ok(presentOperation(operation)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/cancel`,
    operationId: 'cancelOperation',
    tag,
    summary: 'Cancel an operation',
    description: `Cancels a long-running operation. A pending one ends at once, a running one at its next step. ${visibility}`,
    access: { kind: 'permission', permission: 'operations:write' },
    limit: 'api',
    params: operationParamsSchema,
    success: {
      200: { description: 'The operation.', schema: operationSchema, example: operationExample },
    },
    errors: [operationErrors.notFound, operationErrors.finished],
    handle: (ctx, { params }) => cancelOperation(ctx, params.operationId),
    respond: (operation) => ok(presentOperation(operation)),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/result`,
    operationId: 'getOperationResult',
    tag,
    summary: 'Download an operation result',
    description: `Downloads the file that the operation wrote. It is kept for 24 hours after the operation finished. ${visibility}`,
    access: { kind: 'permission', permission: 'operations:read' },
    limit: 'api',
    params: operationParamsSchema,
    success: {
      200: { description: 'The file.', mediaTypes: ['text/csv', 'application/jsonl'] },
    },
    errors: [operationErrors.notFound, operationErrors.noResult, operationErrors.expired],
    handle: (ctx, { params }) => openOperationResult(ctx, params.operationId),
    respond: ({ object, type, name }) => ({
      status: 200,
      raw: { content: object.body, type },
      headers: {
        'Content-Disposition': `attachment; filename="${name}"`,
        'Content-Length': String(object.sizeBytes),
      },
    }),
  }),
];
