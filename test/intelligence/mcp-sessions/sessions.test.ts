import type { Client } from '@modelcontextprotocol/client';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { callMcpTool, connectMcp } from '../../support/mcp.ts';

let app: TestApp;
let owner: Person;
const clients: Client[] = [];

beforeAll(async () => {
  app = createTestApp({}, { MCP_TEST_TOOLS: 'on' });
  owner = await app.person();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

const ACCEPT = { accept: 'application/json, text/event-stream' };
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'test', version: '1' },
  },
};
const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };

const post = (token: string, body: object, session?: string) =>
  app.send('POST', '/mcp', {
    token,
    body,
    headers: { ...ACCEPT, ...(session === undefined ? {} : { 'mcp-session-id': session }) },
  });
const end = (token: string, session: string) =>
  app.send('DELETE', '/mcp', { token, headers: { 'mcp-session-id': session } });
async function begin(token: string): Promise<string> {
  const { status, headers } = await post(token, INITIALIZE);
  expect(status).toBe(200);
  return headers.get('mcp-session-id')!;
}

it('a tool asks its client in the middle of a call, two calls at once', async () => {
  const client = await connectMcp(app, owner.token, {
    version: '2025-11-25',
    capabilities: { elicitation: {} },
  });
  clients.push(client);
  client.setRequestHandler('elicitation/create', ({ params }) => ({
    action: 'accept',
    content: { username: params.message, email: 'a@example.com' },
  }));
  const calls = await Promise.all(
    ['Ada', 'Grace'].map((message) => callMcpTool(client, 'test_elicitation', { message })),
  );
  expect(calls.map(({ text }) => text)).toEqual([
    expect.stringContaining('"username":"Ada"'),
    expect.stringContaining('"username":"Grace"'),
  ]);
});

it('a client that cannot be asked is not: the call fails and says so', async () => {
  const client = await connectMcp(app, owner.token, { version: '2025-11-25' });
  clients.push(client);
  await expect(callMcpTool(client, 'test_elicitation', { message: 'Ada' })).rejects.toThrow(/elicitation/);
});

it('a session is found by the credential that began it alone, until it is ended', async () => {
  const colleague = await app.person({ organizationId: owner.organizationId });
  const session = await begin(owner.token);
  expect((await post(owner.token, LIST, session)).status).toBe(200);
  expect((await post(colleague.token, LIST, session)).status).toBe(404);
  expect((await end(colleague.token, session)).body).toMatchObject({ code: 'mcp.session_not_found' });
  expect((await end(owner.token, session)).status).toBe(204);
  expect((await post(owner.token, LIST, session)).status).toBe(404);
  expect((await end(owner.token, session)).status).toBe(404);
});

it('a session ends with the API key that began it', async () => {
  const { body } = await app.send('POST', '/api/v1/api-keys', {
    token: owner.token,
    body: { name: 'MCP', scopes: ['rooms:read'] },
  });
  const session = await begin(body.secret);
  expect((await post(owner.token, LIST, session)).status).toBe(404);
  await app.send('DELETE', `/api/v1/api-keys/${body.id}`, { token: owner.token });
  expect((await post(body.secret, LIST, session)).status).toBe(401);
  expect((await end(body.secret, session)).status).toBe(401);
});

it('an answer to what was not asked is refused, and a second introduction', async () => {
  const session = await begin(owner.token);
  const answer = { jsonrpc: '2.0', id: 'unknown', result: { action: 'accept' } };
  expect((await post(owner.token, answer, session)).status).toBe(400);
  expect((await post(owner.token, INITIALIZE, session)).status).toBe(400);
});

it('a page of another origin ends no session', async () => {
  const session = await begin(owner.token);
  const refused = await app.send('DELETE', '/mcp', {
    token: owner.token,
    headers: { 'mcp-session-id': session, origin: 'https://evil.example' },
  });
  expect(refused.body).toMatchObject({ code: 'mcp.origin_refused' });
  expect((await post(owner.token, LIST, session)).status).toBe(200);
});
