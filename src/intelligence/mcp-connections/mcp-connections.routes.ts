import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { outgoingErrors } from '../../platform/outgoing/index.ts';
import { createConnection, deleteConnection, updateConnection } from './manage-connections.ts';
import { mcpConnectionErrors } from './mcp-connections.errors.ts';
import { presentConnection } from './mcp-connections.present.ts';
import {
  connectionExample,
  connectionPageSchema,
  connectionParamsSchema,
  connectionSchema,
  createConnectionExample,
  createConnectionSchema,
  updateConnectionSchema,
} from './mcp-connections.schemas.ts';
import { getConnection, listConnections } from './read-connections.ts';
import { testConnection } from './test-connection.ts';

const tag = 'MCP';
const listPath = '/api/v1/mcp/connections';
const path = `${listPath}/{mcpConnectionId}`;
const readAccess = { kind: 'permission', permission: 'ai:read' } as const;
const writeAccess = { kind: 'permission', permission: 'ai-settings:write' } as const;
const success = (description: string) => ({
  description,
  schema: connectionSchema,
  example: connectionExample,
});
const timeLimitSeconds = 60;
const { notFound, tooMany, testFailed, usesConsent } = mcpConnectionErrors;
export const mcpConnectionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createMcpConnection',
    tag,
    summary: 'Create an MCP connection',
    description:
      'Adds an external MCP server, which speaks streamable HTTP; an organization has at most 25. ' +
      'First the server is tested: the product connects to it and lists its tools. If that fails, ' +
      'nothing is stored, and the answer says why. With `authorization: oauth` the connection is ' +
      'stored at once, and tested when a person has consented.',
    access: writeAccess,
    limit: 'api',
    body: { schema: createConnectionSchema, example: createConnectionExample },
    bodyLimitBytes: 128 * 1024,
    idempotent: true,
    timeLimitSeconds,
    success: { 201: success('The connection') },
    errors: [
      tooMany,
      testFailed,
      outgoingErrors.addressRefused,
      outgoingErrors.unresolved,
      outgoingErrors.resolverUnavailable,
    ],
    handle: (ctx, { body }) => createConnection(ctx, body),
    respond: (row) => created(presentConnection(row), `${listPath}/${row.id}`, row.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listMcpConnections',
    tag,
    summary: 'List MCP connections',
    description: 'Lists the MCP servers that the organization uses, the oldest first, without their headers.',
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of connections',
        schema: connectionPageSchema,
        example: { data: [connectionExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listConnections(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentConnection), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getMcpConnection',
    tag,
    summary: 'Get an MCP connection',
    description: 'Returns a connection with its tools and the outcome of its last test, without its headers.',
    access: readAccess,
    limit: 'api',
    params: connectionParamsSchema,
    success: { 200: success('The connection') },
    errors: [notFound],
    handle: (ctx, { params }) => getConnection(ctx, params.mcpConnectionId),
    respond: (row) => ok(presentConnection(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateMcpConnection',
    tag,
    summary: 'Update an MCP connection',
    description:
      'Changes a connection; fields that are left out keep their value. The address cannot change: ' +
      'another server is another connection. New headers are tested with the server first; if that ' +
      "fails, the old ones are kept. A person's consent ends when somebody else extends what it is " +
      'used for: more tools, fewer confirmations, or switching the connection on again.',
    access: writeAccess,
    limit: 'api',
    params: connectionParamsSchema,
    body: { schema: updateConnectionSchema, example: { allowedTools: ['echo'] } },
    bodyLimitBytes: 128 * 1024,
    concurrency: true,
    timeLimitSeconds,
    success: { 200: success('The updated connection') },
    errors: [usesConsent, notFound, testFailed, outgoingErrors.resolverUnavailable],
    handle: (ctx, { params, body, ifMatch }) => updateConnection(ctx, params.mcpConnectionId, body, ifMatch),
    respond: (row) => ok(presentConnection(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteMcpConnection',
    tag,
    summary: 'Delete an MCP connection',
    description: 'Removes a connection with its headers and its statistics. A running call ends.',
    access: writeAccess,
    limit: 'api',
    params: connectionParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The connection is removed' } },
    errors: [notFound],
    handle: (ctx, { params, ifMatch }) => deleteConnection(ctx, params.mcpConnectionId, ifMatch),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${path}/test`,
    operationId: 'testMcpConnection',
    tag,
    summary: 'Test an MCP connection',
    description:
      'Connects to the server and lists its tools again. Returns the connection with the outcome, ' +
      'also when the test failed: see `status` and `problem`.',
    access: writeAccess,
    limit: 'api',
    params: connectionParamsSchema,
    timeLimitSeconds,
    success: { 200: success('The tested connection') },
    errors: [notFound, outgoingErrors.resolverUnavailable],
    handle: (ctx, { params }) => testConnection(ctx, params.mcpConnectionId),
    respond: (row) => ok(presentConnection(row), row.version),
  }),
];
