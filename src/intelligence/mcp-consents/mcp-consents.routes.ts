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
    summary: 'Begin a consent',
    description:
      'Begins the consent of the person who calls that the organization uses a server in their name: finds its authorization server, registers a ' +
      'client there if it must, and answers where they consent. Their browser comes back to `/mcp/authorization` of the app within ten ' +
      'minutes, with what completes the consent. Another consent of theirs for this connection ends.',
    access,
    limit: 'ai',
    params: connectionParamsSchema,
    timeLimitSeconds,
    success: {
      200: {
        description: 'Where the person consents',
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
    summary: 'Complete a consent',
    description:
      'Completes a consent with what the browser brought back: the person who began it, and no other, calls it once. The tokens are stored ' +
      'encrypted, and the connection is tested. It is used by the organization until the person takes the consent back, loses the permission or membership, or requests the deletion of their ' +
      'account, or somebody else lets more be called.',
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
      200: { description: 'The connection, tested', schema: connectionSchema, example: connectionExample },
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
    summary: 'Take a consent back',
    description:
      'Ends a consent at once: the person who gave it may, whatever their role, and so may somebody with `ai-settings:write`. The tokens are deleted, and ' +
      'revoked where the authorization server says how. The connection needs another consent then.',
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
    summary: 'Get the client metadata',
    description:
      'Describes this product as a client, for authorization servers that take the address of such a document as an id.',
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
