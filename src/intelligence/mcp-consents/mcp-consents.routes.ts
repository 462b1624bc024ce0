import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { outgoingErrors } from '../../platform/outgoing/index.ts';
import { describeClient } from '../mcp-authorization/index.ts';
import {
  CLIENT_METADATA_PATH,
  connectionExample,
  connectionParamsSchema,
  connectionSchema,
  identityOf,
  mcpConnectionErrors,
  presentConnection,
} from '../mcp-connections/index.ts';
import { beginConnectionConsent, completeConnectionConsent } from './give-consent.ts';
import { takeBackConsent } from './take-back-consent.ts';
import { mcpConsentErrors } from './mcp-consents.errors.ts';
import { completeConsentSchema, consentSchema } from './mcp-consents.schemas.ts';

const tag = 'MCP';
const JSON_TYPE = 'application/json';
const path = '/api/v1/mcp/connections/{mcpConnectionId}/consent';
const access = { kind: 'permission', permission: 'ai-settings:write' } as const;
const { usesHeaders, personNeeded, failed, notFound } = mcpConsentErrors;
const errors = [
  mcpConnectionErrors.notFound,
  personNeeded,
  failed,
  outgoingErrors.addressRefused,
  outgoingErrors.unresolved,
  outgoingErrors.resolverUnavailable,
  outgoingErrors.unreachable,
  outgoingErrors.redirected,
  outgoingErrors.answerTooLarge,
];
const timeLimitSeconds = 60;

export const mcpConsentRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path,
    operationId: 'beginMcpConsent',
    tag,
    summary: 'Begin an MCP consent',
    description:
      "Begins the caller's consent that the organization uses a server in their name. It finds the " +
      'authorization server, registers a client there if needed, and returns the address at which the ' +
      'caller consents. Within ten minutes their browser comes back to `/mcp/authorization` of the ' +
      'app, with what completes the consent. An earlier consent of the caller for this connection ' +
      'ends.',
    access,
    limit: 'ai',
    params: connectionParamsSchema,
    timeLimitSeconds,
    success: {
      200: {
        description: 'The address at which the person consents',
        schema: consentSchema,
        example: {
          authorizationUrl: 'https://login.tools.example/authorize?client_id=example',
          endsAt: '2026-01-05T09:40:00.000Z',
        },
      },
    },
    errors: [...errors, usesHeaders],
    handle: (ctx, { params }) => beginConnectionConsent(ctx, params.mcpConnectionId),
    respond: ({ authorizationUrl, endsAt }) => ok({ authorizationUrl, endsAt: endsAt.toISOString() }),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/complete`,
    operationId: 'completeMcpConsent',
    tag,
    summary: 'Complete an MCP consent',
    description:
      'Completes a consent with what the browser brought back. Only the person who began it can do ' +
      'this, once. The tokens are stored encrypted, and the connection is tested. The organization ' +
      'can use the consent until the person takes it back, loses the permission or the membership, or ' +
      'requests the deletion of their account. It also ends when somebody else extends what it is ' +
      'used for.',
    access,
    limit: 'ai',
    params: connectionParamsSchema,
    body: {
      schema: completeConsentSchema,
      example: { state: 'example-of-a-state', code: 'example-of-a-code' },
    },
    timeLimitSeconds,
    roundTrips: {
      max: 6,
      reason: 'the code is taken before it is exchanged, and the connection is tested with what came of it',
    },
    success: {
      200: { description: 'The tested connection', schema: connectionSchema, example: connectionExample },
    },
    errors: [...errors, notFound],
    handle: (ctx, { params, body }) => completeConnectionConsent(ctx, params.mcpConnectionId, body),
    respond: (row) => ok(presentConnection(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'takeBackMcpConsent',
    tag,
    summary: 'Withdraw an MCP consent',
    description:
      'Ends a consent at once. The person who gave it can do this, whatever their role, and so can ' +
      'members with `ai-settings:write`. The tokens are deleted, and revoked if the authorization ' +
      'server has an address for that. The connection then needs another consent.',
    access: {
      kind: 'user',
      reason: 'a person takes back what they gave, whatever their role',
      inOrganization: true,
    },
    limit: 'api',
    params: connectionParamsSchema,
    success: { 204: { description: 'The consent has ended' } },
    errors: [notFound, personNeeded],
    handle: (ctx, { params }) => takeBackConsent(ctx, params.mcpConnectionId),
    respond: noContent,
  }),
  defineRoute({
    method: 'get',
    path: CLIENT_METADATA_PATH,
    operationId: 'getMcpClientMetadata',
    tag,
    summary: 'Get the MCP client metadata',
    description:
      'Describes this product as an OAuth client, for authorization servers that accept the address ' +
      "of such a document as the client's id.",
    access: { kind: 'public', reason: 'authorization servers of others read it' },
    limit: 'api',
    success: {
      200: {
        description: 'The metadata',
        mediaTypes: [JSON_TYPE],
      },
    },
    handle: async (ctx) => ({
      client_id: new URL(CLIENT_METADATA_PATH, ctx.config.PUBLIC_URL).href,
      ...describeClient(identityOf(ctx)),
    }),
    respond: (metadata) => ({
      status: 200,
      raw: { content: JSON.stringify(metadata), type: JSON_TYPE },
    }),
  }),
];
