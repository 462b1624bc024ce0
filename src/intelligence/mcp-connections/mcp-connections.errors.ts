import { defineErrors } from '../../kernel/core/index.ts';

export const mcpConnectionErrors = defineErrors('mcp_connections', {
  notFound: { status: 404, title: 'The connection was not found' },
  tooMany: { status: 409, title: 'The organization has as many connections as it can' },
  testFailed: { status: 422, title: 'The test of the connection failed' },
  notWorking: { status: 409, title: 'The connection is failing or switched off' },
  toolNotFound: { status: 404, title: 'The connection has no such tool, or does not allow it' },
  callFailed: { status: 502, title: 'The server did not answer the call' },
});
