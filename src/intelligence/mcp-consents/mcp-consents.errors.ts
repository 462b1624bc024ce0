import { defineErrors } from '../../kernel/core/index.ts';

export const mcpConsentErrors = defineErrors('mcp_consents', {
  usesHeaders: { status: 409, title: 'The connection is authorized by headers' },
  personNeeded: { status: 403, title: 'Only a person can consent' },
  notFound: { status: 404, title: 'The consent does not exist, has ended, or belongs to another user' },
  failed: { status: 422, title: 'The server did not authorize the product' },
});
