import { z } from '@hono/zod-openapi';
import { InsufficientScopeError, SdkHttpError } from '@modelcontextprotocol/client';
import { createOutgoing, type Outgoing } from '../../../src/platform/outgoing/index.ts';
import {
  beginConsent,
  completeConsent,
  type Grant,
} from '../../../src/intelligence/mcp-authorization/index.ts';
import {
  AuthorizationWanted,
  type McpSession,
  useMcpServer,
} from '../../../src/intelligence/mcp-client/index.ts';

/** What a scenario says about itself to the client. */
export interface SuiteContext {
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
  client_id?: string;
  client_secret?: string;
}

const VALUES: Record<string, unknown> = { number: 5, integer: 5, string: 'text', boolean: true };

function argumentsFor(schema: Record<string, unknown>): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, { type?: string }>;
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type = 'string' }]) => [name, VALUES[type]]),
  );
}

const guardOf = (address: string): Outgoing =>
  createOutgoing({
    resolver: { resolve: async () => [] },
    // The servers of the suite listen on ports that are not known before.
    allowed: [new URL(address).origin].filter((origin) => origin.startsWith('http://localhost:')),
  });
const outgoing: Outgoing = {
  requireAllowed: (address, kind) => guardOf(address).requireAllowed(address, kind),
  fetch: (address, request) => guardOf(address).fetch(address, request),
  open: (address, request) => guardOf(address).open(address, request),
};
const identity = {
  redirectUrl: 'http://localhost:3000/callback',
  metadataUrl: 'https://conformance-test.local/client-metadata.json',
};
/** A person is asked once, and once more when a tool wants more than they gave. */
const MAX_CONSENTS = 2;

async function callTools(server: McpSession, wanted: SuiteContext['toolCalls'] = []): Promise<void> {
  const tools = await server.listTools();
  const calls =
    wanted.length > 0
      ? wanted
      : tools.map(({ name, inputSchema }) => ({ name, arguments: argumentsFor(inputSchema) }));
  for (const call of calls)
    try {
      await server.callTool(call.name, call.arguments);
    } catch (error) {
      // Some tools of the suite are there to be listed only.
      if (SdkHttpError.isInstance(error) || error instanceof InsufficientScopeError) throw error;
    }
}

/** A client with a secret is for one authorization server: the person who has both names it. */
async function withIssuer(grant: Grant, { resourceMetadataUrl }: AuthorizationWanted): Promise<Grant> {
  const { client } = grant;
  if (client?.client_secret === undefined || client.issuer !== undefined) return grant;
  const response = await fetch(resourceMetadataUrl!);
  const { authorization_servers: servers } = z
    .looseObject({ authorization_servers: z.array(z.string()) })
    .parse(await response.json());
  return { ...grant, client: { ...client, issuer: servers[0] } };
}

/** Does what a person and their browser do: consents, and brings back the answer. */
async function consent(url: string, grant: Grant, wanted: AuthorizationWanted): Promise<Grant> {
  const { scope, resourceMetadataUrl } = wanted;
  const state = 'state-of-the-suite';
  const begun = await beginConsent(outgoing, {
    serverUrl: url,
    identity,
    state,
    grant,
    scope,
    resourceMetadataUrl,
  });
  const { headers } = await fetch(begun.authorizationUrl, { redirect: 'manual' });
  const answer = new URL(headers.get('location')!).searchParams;
  if (answer.get('state') !== state) throw new Error('the state differs');
  const iss = answer.get('iss') ?? undefined;
  return completeConsent(
    outgoing,
    { serverUrl: url, identity, grant: begun.grant },
    { code: answer.get('code')!, iss },
  );
}

const grantOf = ({ client_id: id, client_secret: secret }: SuiteContext): Grant =>
  id === undefined
    ? {}
    : { client: { client_id: id, ...(secret === undefined ? {} : { client_secret: secret }) } };

/**
 * Connects to a server of the conformance suite by our client, lists the tools and calls each of them, with the arguments
 * that the suite asks for or with some that fit the schema. Where the server wants authorization, it consents.
 */
export async function visitServer(url: string, context: SuiteContext): Promise<void> {
  let grant = grantOf(context);
  for (let consents = 0; ; consents++)
    try {
      const token = grant.tokens?.access_token;
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      await useMcpServer(outgoing, { url, headers }, (server) => callTools(server, context.toolCalls));
      return;
    } catch (error) {
      if (!(error instanceof AuthorizationWanted) || consents >= MAX_CONSENTS) throw error;
      grant = await consent(url, await withIssuer(grant, error), error);
    }
}
