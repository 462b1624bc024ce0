import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { AUTHORIZATION_KINDS, CONNECTION_PROBLEMS, CONNECTION_STATUSES } from './mcp-connections.enums.ts';

const connectionId = idSchema('mcpConnection').describe('The connection.');
export const toolNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.\-/]{1,128}$/, 'must be the name of a tool')
  .describe('Name of a tool, up to 128 letters, digits and `_ . - /`.');
export const connectionParamsSchema = z.strictObject({ mcpConnectionId: connectionId });

/** Headers of the protocol, and of the network connection, cannot be set. */
const RESERVED =
  /^(host|connection|content-.*|accept|mcp-.*|last-event-id|transfer-encoding|cf-.*|x-forwarded-.*)$/i;
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header')
  .refine((name) => !RESERVED.test(name), 'may not be a header that the protocol sets itself');
const headers = z
  .record(
    headerName,
    z.string().regex(/^[\x20-\x7e]{1,4096}$/, 'must be 1 to 4,096 visible ASCII characters'),
  )
  .refine((record) => Object.keys(record).length <= 10, 'has more than 10 headers')
  .describe(
    'Headers that each request carries as its credential, such as `Authorization`, up to 10. They are stored encrypted and never answered.',
  );
const name = lineSchema(100).describe('Name for people, 1 to 100 characters.');
const allowedTools = z
  .array(toolNameSchema)
  .max(200)
  .nullable()
  .describe('Names of the tools that may be called, up to 200; null for all tools of the server.');
const unconfirmedTools = z
  .array(toolNameSchema)
  .max(200)
  .describe(
    'Names of tools that agents of other people may call without asking the person each time, up to ' +
      '200. It counts only for tools that only read, according to the server, and only while the agent ' +
      'got nothing from elsewhere. What the agent puts into a call leaves the product.',
  );

const visibleText = z.string().regex(/^[\x20-\x7e]{1,2048}$/, 'must be 1 to 2,048 visible ASCII characters');
const oauthClientSchema = z
  .strictObject({
    clientId: visibleText.describe('Its id.'),
    clientSecret: visibleText
      .optional()
      .describe('Its secret, if it has one. It is stored encrypted and never answered.'),
    issuer: visibleText
      .optional()
      .describe(
        'The issuer where the client was registered, as in its metadata; needed with a secret. If the ' +
          'MCP server names another issuer, consents are refused.',
      ),
  })
  .openapi('McpOAuthClient')
  .describe(
    'A client that is registered at the authorization server. Without it, one is registered ' +
      'automatically if the server offers that.',
  );

export const createConnectionSchema = z.strictObject({
  name,
  url: z
    .string()
    .min(1)
    .max(2_048)
    .regex(/^[\x21\x22\x24-\x7e]+$/, 'must be visible ASCII characters without #')
    .describe('Address of the server: `https` on port 443, 8443, 9000 or 9443 of a public host.'),
  headers: headers.default({}),
  authorization: z
    .enum(AUTHORIZATION_KINDS)
    .default('headers')
    .describe(
      '`headers`: the headers are the credential, or none is needed. `oauth`: a person consents at ' +
        "the server's authorization server, after the connection is created.",
    ),
  oauthClient: oauthClientSchema.optional(),
  allowedTools: allowedTools.default(null),
  unconfirmedTools: unconfirmedTools.default([]),
});
export type CreateConnection = z.output<typeof createConnectionSchema>;

export const updateConnectionSchema = z
  .strictObject({
    name,
    headers,
    allowedTools,
    unconfirmedTools,
    enabled: z.boolean().describe('Whether tools may be called.'),
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateConnection = z.output<typeof updateConnectionSchema>;

export const connectionSchema = z
  .object({
    id: connectionId,
    name: z.string().describe('Name for people.'),
    url: z.string().describe('Address of the server.'),
    headerNames: z.array(z.string()).describe('Names of the headers that each request carries.'),
    authorization: z
      .enum(AUTHORIZATION_KINDS)
      .describe("How the server gets its credential: by headers, or by a person's consent."),
    enabled: z.boolean().describe('Whether tools may be called.'),
    allowedTools,
    unconfirmedTools,
    serverName: z.string().describe('The name that the server gives itself.'),
    protocolVersion: z.string().describe('The protocol version that the server speaks.'),
    tools: z
      .array(
        z.object({
          name: z.string().describe('Name of the tool.'),
          title: z.string().nullable().describe('Title for people; null without one.'),
          description: z.string().describe('Its purpose, according to the server.'),
          readOnly: z.boolean().describe('Whether it only reads, according to the server.'),
          allowed: z.boolean().describe('Whether it may be called.'),
          inputSchema: z
            .record(z.string(), z.unknown())
            .describe('JSON Schema of its arguments, from the server.'),
        }),
      )
      .describe('The tools that the server had in its last successful test.'),
    status: z
      .enum(CONNECTION_STATUSES)
      .describe(
        '`working`: the last test succeeded. `failing`: it failed, and no tool is called until one ' +
          'succeeds. `needs_authorization`: no person has consented, or their consent has ended.',
      ),
    problem: z
      .enum(CONNECTION_PROBLEMS)
      .nullable()
      .describe('Why the last test failed; null when it succeeded.'),
    problemDetail: z.string().nullable().describe('The problem in a sentence; null without one.'),
    consentedBy: idSchema('user')
      .nullable()
      .describe('The person in whose name the server is used; null without a consent.'),
    missingScope: z
      .string()
      .nullable()
      .describe(
        'The scope for which a call was refused, because the person has not consented to it; null for ' +
          'none. The next consent asks for it as well.',
      ),
    testedAt: z.iso.datetime().describe('When it was last tested.'),
    createdAt: z.iso.datetime().describe('When it was added.'),
    updatedAt: z.iso.datetime().describe('When it was last changed.'),
  })
  .openapi('McpConnection');
export type ConnectionView = z.output<typeof connectionSchema>;
export const connectionPageSchema = pageSchema(connectionSchema).openapi('McpConnectionPage');

export const createConnectionExample = {
  name: 'Documentation',
  url: 'https://mcp.tools.example/mcp',
  headers: { Authorization: 'Bearer example-of-a-token' },
} satisfies z.input<typeof createConnectionSchema>;

export const connectionExample: ConnectionView = {
  id: exampleId('mcpConnection'),
  name: 'Documentation',
  url: 'https://mcp.tools.example/mcp',
  headerNames: ['Authorization'],
  authorization: 'headers',
  enabled: true,
  allowedTools: null,
  unconfirmedTools: [],
  serverName: 'docs',
  protocolVersion: '2026-07-28',
  tools: [
    {
      name: 'echo',
      title: null,
      description: 'Answers what it was given.',
      readOnly: true,
      allowed: true,
      inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
    },
  ],
  status: 'working',
  problem: null,
  problemDetail: null,
  consentedBy: null,
  missingScope: null,
  testedAt: '2026-01-05T09:30:00.000Z',
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
