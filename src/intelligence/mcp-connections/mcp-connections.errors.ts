import { defineErrors } from '../../kernel/core/index.ts';

export const mcpConnectionErrors = defineErrors('mcp_connections', {
  notFound: { status: 404, title: 'The connection was not found' },
  tooMany: { status: 409, title: 'The organization has reached its limit of connections' },
  testFailed: { status: 422, title: 'The test of the connection failed' },
  notWorking: { status: 409, title: 'The connection is failing or switched off' },
  toolNotFound: { status: 404, title: 'The connection has no such tool, or does not allow it' },
  usesConsent: { status: 409, title: 'The connection is authorized by a consent' },
  needsAuthorization: { status: 409, title: 'A person must consent to the use of the server first' },
  scopeMissing: { status: 409, title: 'The tool needs more access than the person has consented to' },
  refreshing: { status: 409, title: 'The authorization is being refreshed by another request' },
  callFailed: { status: 502, title: 'The server did not answer the call' },
});
