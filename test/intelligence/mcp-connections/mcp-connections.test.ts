import { beforeEach, expect, it } from 'vitest';
import { sweepCalls } from '../../../src/intelligence/mcp-tool-calls/sweep-calls.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { TOOL_SERVER } from '../../support/mcp-server.ts';
import { ownerSql } from '../../contract/sql.ts';

const listPath = '/api/v1/mcp/connections';
const TOKEN = 'token-of-the-server';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
  app.toolServer.token = TOKEN;
});

const send = (method: string, path: string, body?: unknown, person: Person = owner) =>
  app.send(method, `${listPath}${path}`, {
    token: person.token,
    ...(body === undefined ? {} : { body }),
  });

const connect = async (fields: object = {}) => {
  const answer = await send('POST', '', {
    name: 'Tools',
    url: TOOL_SERVER,
    headers: { Authorization: `Bearer ${TOKEN}` },
    ...fields,
  });
  expect(answer.status).toBe(201);
  return answer.body;
};
const call = (id: string, tool: string, args: object = {}) =>
  send('POST', `/${id}/call`, { tool, arguments: args });

it.each([
  ['2026-07-28', true],
  ['2025-11-25', false],
])(
  'a server of the version %s is tested, its tools are listed, and one is called',
  async (version, modern) => {
    app.toolServer.modern = modern;
    const made = await connect();
    expect(made).toMatchObject({
      status: 'working',
      serverName: 'tools',
      protocolVersion: version,
      headerNames: ['Authorization'],
      tools: [
        { name: 'echo', readOnly: true, allowed: true },
        { name: 'fail', readOnly: false, allowed: true },
      ],
    });
    const { status, body } = await call(made.id, 'echo', { text: 'Hello' });
    expect([status, body]).toEqual([
      200,
      { content: [{ type: 'text', text: 'Hello' }], structuredContent: null, isError: false },
    ]);
    expect(app.toolServer.received.at(-1)!.headers.get('authorization')).toBe(`Bearer ${TOKEN}`);
  },
);

it('a credential is stored encrypted and never answered', async () => {
  const made = await connect();
  const [row] = await ownerSql<Record<string, unknown>>('select * from mcp_connections where id = $1', [
    made.id,
  ]);
  expect(JSON.stringify(row)).not.toContain(TOKEN);
  const seen = [await send('GET', ''), await send('GET', `/${made.id}`)];
  const audit = await app.send('GET', '/api/v1/audit/logs', { token: owner.token });
  expect(JSON.stringify([made, seen, audit])).not.toContain(TOKEN);
});

it.each([
  ['does not take the credential', () => new Response(null, { status: 401 }), 'does not take the headers'],
  ['is no MCP server', () => new Response('<html>', { status: 200 }), 'does not answer like an MCP server'],
  ['leads elsewhere', () => Response.redirect('https://elsewhere.example/', 302), 'redirects'],
  ['answers without end', () => new Response('x'.repeat(2 ** 21)), 'sends too much'],
  [
    'does not answer',
    () => {
      throw new TypeError('connection refused');
    },
    'did not answer in time',
  ],
])('a server that %s is not stored', async (_name, fault, detail) => {
  app.toolServer.fault = fault;
  const answer = await send('POST', '', { name: 'Tools', url: TOOL_SERVER });
  expect([answer.status, answer.body]).toEqual([
    422,
    expect.objectContaining({
      code: 'mcp_connections.test_failed',
      detail: expect.stringContaining(detail),
    }),
  ]);
  expect((await send('GET', '')).body.data).toEqual([]);
});

it('an address that is not public is refused, and a header of the protocol as well', async () => {
  const local = await send('POST', '', { name: 'Local', url: 'https://10.0.0.1/mcp' });
  expect(local.body).toMatchObject({ code: 'outgoing.address_refused' });
  const header = await send('POST', '', { name: 'H', url: TOOL_SERVER, headers: { Host: 'internal' } });
  expect(header.body).toMatchObject({ code: 'request.invalid' });
});

it('a tool is called only when it is allowed, and was there at the last test', async () => {
  const { id } = await connect({ allowedTools: ['echo'] });
  expect((await call(id, 'fail')).body).toMatchObject({ code: 'mcp_connections.tool_not_found' });
  app.toolServer.moreTools = ['added_later'];
  await send('PATCH', `/${id}`, { allowedTools: null });
  expect((await call(id, 'added_later')).body).toMatchObject({ code: 'mcp_connections.tool_not_found' });
  const tested = await send('POST', `/${id}/test`);
  expect(tested.body.tools).toHaveLength(3);
  expect((await call(id, 'added_later')).status).toBe(200);
  await send('PATCH', `/${id}`, { enabled: false });
  expect((await call(id, 'added_later')).body).toMatchObject({ code: 'mcp_connections.not_working' });
});

it('a connection that fails its test calls nothing until it works again', async () => {
  const { id } = await connect();
  app.toolServer.token = 'another';
  const failing = await send('POST', `/${id}/test`);
  expect(failing.body).toMatchObject({ status: 'failing', problem: 'credential_refused' });
  expect(failing.body.tools).toHaveLength(2);
  const before = app.toolServer.received.length;
  expect((await call(id, 'echo', { text: 'x' })).body).toMatchObject({ code: 'mcp_connections.not_working' });
  expect(app.toolServer.received).toHaveLength(before);
  const changed = await send('PATCH', `/${id}`, { headers: { Authorization: 'Bearer another' } });
  expect(changed.body).toMatchObject({ status: 'working', problem: null });
  expect((await call(id, 'echo', { text: 'x' })).status).toBe(200);
});

it('calls are counted by tool with what came of them, for 90 days', async () => {
  const { id } = await connect();
  await call(id, 'echo', { text: 'a' });
  await call(id, 'echo', { text: 'b' });
  expect((await call(id, 'fail')).body).toMatchObject({ isError: true });
  app.toolServer.fault = () => new Response('gone', { status: 500 });
  expect((await call(id, 'echo', { text: 'c' })).body).toMatchObject({ code: 'mcp_connections.call_failed' });
  const usage = await send('GET', `/${id}/usage`);
  expect(usage.body.data).toMatchObject([
    { tool: 'echo', calls: 3, toolFailures: 0, failures: 1 },
    { tool: 'fail', calls: 1, toolFailures: 1, failures: 0 },
  ]);
  app.clock.advanceSeconds(91 * 86_400);
  await sweepCalls(app.services);
  const later = await app.person({ organizationId: owner.organizationId });
  expect((await send('GET', `/${id}/usage?days=90`, undefined, later)).body.data).toEqual([]);
  expect(await ownerSql('select id from mcp_tool_calls where connection_id = $1', [id])).toEqual([]);
});

it('a connection of another organization is not found by any way', async () => {
  const { id } = await connect();
  const other = await app.person();
  for (const [method, path, body] of [
    ['GET', `/${id}`],
    ['GET', `/${id}/usage`],
    ['PATCH', `/${id}`, { enabled: false }],
    ['POST', `/${id}/test`],
    ['POST', `/${id}/call`, { tool: 'echo' }],
    ['DELETE', `/${id}`],
  ] as const)
    expect((await send(method, path, body, other)).body).toMatchObject({ code: 'mcp_connections.not_found' });
  expect((await send('GET', '', undefined, other)).body.data).toEqual([]);
});

it('a connection that is deleted while a tool is called leaves no count behind, and the call has its result', async () => {
  const { id } = await connect();
  const { fetch } = app.toolServer;
  app.toolServer.fetch = async (url, init) => {
    if (new Headers(init?.headers).get('mcp-method') === 'tools/call') await send('DELETE', `/${id}`);
    return fetch(url, init);
  };
  expect((await call(id, 'echo', { text: 'last' })).body).toMatchObject({ isError: false });
  expect(await ownerSql('select id from mcp_tool_calls where connection_id = $1', [id])).toEqual([]);
});

/** Has the server list tools page by page, in the older version of the protocol. @returns how many pages it was asked for */
function listPages(pageOf: (page: number) => { tools: object[]; nextCursor?: string }): () => number {
  let pages = 0;
  const { fetch } = app.toolServer;
  app.toolServer.modern = false;
  app.toolServer.fetch = async (url, init) => {
    const request = new Request(url, init);
    const text = request.method === 'POST' ? await request.clone().text() : '';
    if (!text.includes('"tools/list"')) return fetch(url, init);
    const { id } = JSON.parse(text);
    return Response.json({ jsonrpc: '2.0', id, result: pageOf(pages++) });
  };
  return () => pages;
}
const said = (name: string, property = 'text') => ({
  name,
  inputSchema: { type: 'object', properties: { [property]: { type: 'string' } } },
});

it('a server whose pages of tools never end is asked for twenty, and refused', async () => {
  const asked = listPages((page) => ({ tools: [], nextCursor: `page ${page}` }));
  const refused = await send('POST', '', {
    name: 'Tools',
    url: TOOL_SERVER,
    headers: { Authorization: `Bearer ${TOKEN}` },
  });
  expect(refused.body).toMatchObject({ code: 'mcp_connections.test_failed' });
  expect(asked()).toBe(20);
});

it('a tool that cannot be stored, or whose schema is too large, is left out', async () => {
  let nested: object = {};
  for (let depth = 0; depth < 40; depth++) nested = { a: nested };
  const large = Array.from({ length: 20 }, (_, index) => said(`large_${index}`, 'x'.repeat(16_000)));
  listPages(() => ({
    tools: [
      said('good'),
      said('no\0name'),
      said('nul', 'a\0b'),
      said('half', '\ud800'),
      said('huge', 'x'.repeat(20_000)),
      { name: 'deep', inputSchema: { type: 'object', properties: nested } },
      ...large,
    ],
  }));
  const names = (await connect()).tools.map(({ name }: { name: string }) => name);
  expect(names[0]).toBe('good');
  expect(names.slice(1)).toEqual(large.slice(0, 16).map(({ name }) => name));
});
