import { defineErrors } from '../../kernel/core/index.ts';

export const mcpConnectionErrors = defineErrors('mcp_connections', {
  notFound: { status: 404, title: 'The connection was not found' },
  tooMany: { status: 409, title: 'The organization has as many connections as it can' },
  testFailed: { status: 422, title: 'The test of the connection failed' },
  notWorking: { status: 409, title: 'The connection is failing or switched off' },
  toolNotFound: { status: 404, title: 'The connection has no such tool, or does not allow it' },
  usesConsent: { status: 409, title: 'The connection is authorized by a consent' },
  needsAuthorization: { status: 409, title: 'A person has to consent that the server may be used' },
  scopeMissing: { status: 409, title: 'The tool needs more than the person has consented to' },
  refreshing: { status: 409, title: 'Another request refreshes the authorization' },
  callFailed: { status: 502, title: 'The server did not answer the call' },
});
