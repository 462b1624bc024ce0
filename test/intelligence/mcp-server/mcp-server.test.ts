import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '@modelcontextprotocol/client';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { callMcpTool, connectMcp, MCP_VERSIONS } from '../../support/mcp.ts';

let app: TestApp;
let owner: Person;
const clients: Client[] = [];

async function connect(...[person, options]: [Person, Parameters<typeof connectMcp>[2]?]): Promise<Client> {
  const client = await connectMcp(app, person.token, options);
  clients.push(client);
  return client;
}

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

describe.each(MCP_VERSIONS)('a client of the version %s', (version) => {
  it('lists tools and calls them: what it creates is there, by the same rules as over HTTP', async () => {
    const client = await connect(owner, { version });
    expect(client.getServerVersion()?.name).toBe('auralink');
    const { tools } = await client.listTools();
    const create = tools.find(({ name }) => name === 'create_room')!;
    expect(create.inputSchema).toMatchObject({
      type: 'object',
      properties: { name: { type: 'string' }, idempotencyKey: { type: 'string' } },
      required: ['name'],
      additionalProperties: false,
    });
    app.clock.advanceSeconds(1);
    const { failed, body } = await callMcpTool(client, 'create_room', { name: 'Planning' });
    expect(failed).toBe(false);
    const { body: room } = await app.send('GET', `/api/v1/rooms/${body!.id}`, { token: owner.token });
    expect(room).toMatchObject({ name: 'Planning', createdBy: owner.userId });
    const { body: found } = await callMcpTool(client, 'list_rooms', { limit: 1, order: 'desc' });
    expect(found).toMatchObject({ data: [{ id: body!.id }] });
  });

  it('reads a room as a resource, and gets a prompt with its arguments', async () => {
    const client = await connect(owner, { version });
    const { body } = await callMcpTool(client, 'create_room', { name: 'Reading' });
    const { resources } = await client.listResources();
    expect(resources).toContainEqual(
      expect.objectContaining({ uri: `auralink://rooms/${body!.id}`, title: 'Reading' }),
    );
    const { contents } = await client.readResource({ uri: `auralink://rooms/${body!.id}` });
    expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({ name: 'Reading' });
    const { messages } = await client.getPrompt({ name: 'prepare_meeting', arguments: { roomId: 'room_x' } });
    expect(messages[0]!.content).toMatchObject({ text: expect.stringContaining('in the room room_x.') });
    await expect(client.getPrompt({ name: 'prepare_meeting', arguments: {} })).rejects.toMatchObject({
      code: -32602,
    });
  });
});

it('says what is wrong with a call as a result that can be read, with the code of the problem', async () => {
  const client = await connect(owner);
  const wrong = await callMcpTool(client, 'create_room', { name: '', color: 'red' });
  expect([wrong.failed, wrong.body]).toEqual([
    true,
    expect.objectContaining({
      code: 'request.invalid',
      errors: [expect.objectContaining({ pointer: '/color' })],
    }),
  ]);
  const foreign = await callMcpTool(client, 'get_room', { roomId: app.services.ids.create('room') });
  expect([foreign.failed, foreign.body]).toEqual([
    true,
    expect.objectContaining({ code: 'rooms.not_found' }),
  ]);
  const missing = await callMcpTool(client, 'get_room');
  expect(missing.body).toMatchObject({ errors: [{ pointer: '/roomId', message: 'is missing' }] });
  await expect(callMcpTool(client, 'drop_tables')).rejects.toMatchObject({ code: -32602 });
});

it('takes an idempotency key and a version as arguments, as the operation does as headers', async () => {
  const client = await connect(owner);
  const call = () => callMcpTool(client, 'create_room', { name: 'Once', idempotencyKey: 'once-1' });
  const [first, second] = [await call(), await call()];
  expect(second.body!.id).toBe(first.body!.id);
  const stale = await callMcpTool(client, 'update_room', {
    roomId: first.body!.id,
    name: 'Twice',
    ifMatch: '"7"',
  });
  expect(stale.body).toMatchObject({ code: 'request.stale' });
});

it('does what cannot be undone only with a confirmation', async () => {
  const client = await connect(owner);
  const { body } = await callMcpTool(client, 'create_room', { name: 'Old' });
  const asked = await callMcpTool(client, 'delete_room', { roomId: body!.id });
  expect([asked.failed, asked.body]).toEqual([
    true,
    expect.objectContaining({ code: 'tools.confirmation_required' }),
  ]);
  expect((await callMcpTool(client, 'get_room', { roomId: body!.id })).failed).toBe(false);
  const done = await callMcpTool(client, 'delete_room', { roomId: body!.id, confirm: true });
  expect([done.failed, done.text]).toEqual([false, 'Done.']);
  expect((await callMcpTool(client, 'get_room', { roomId: body!.id })).failed).toBe(true);
});

it('offers an API key what its scopes allow, and writes what it does in the audit log as its own', async () => {
  const send = (scopes: string[]) =>
    app.send('POST', '/api/v1/api-keys', { token: owner.token, body: { name: 'Program', scopes } });
  const reader = await send(['rooms:read']);
  const client = await connect({ ...owner, token: reader.body.secret as string });
  const names = (await client.listTools()).tools.map(({ name }) => name);
  expect(names).toContain('list_rooms');
  expect(names).not.toContain('create_room');
  await expect(callMcpTool(client, 'create_room', { name: 'Not for it' })).rejects.toMatchObject({
    code: -32602,
  });
  const writer = await send(['rooms:write']);
  const writing = await connect({ ...owner, token: writer.body.secret as string });
  const { body: room } = await callMcpTool(writing, 'create_room', { name: 'By a program' });
  const { body: log } = await app.send(
    'GET',
    `/api/v1/audit/logs?action=room.created&actorId=${writer.body.id}`,
    {
      token: owner.token,
    },
  );
  expect(log.data).toMatchObject([{ targetId: room!.id, actorKind: 'apiKey' }]);
});

it('refuses a page of another origin, and another host name that leads here', async () => {
  const send = (headers: Record<string, string>) =>
    app.send('POST', '/mcp', {
      token: owner.token,
      headers: { accept: 'application/json, text/event-stream', ...headers },
      body: { jsonrpc: '2.0', id: 1, method: 'ping' },
    });
  expect((await send({})).status).toBe(200);
  expect((await send({ origin: 'https://app.auralink.test' })).status).toBe(200);
  expect((await send({ origin: 'https://evil.example' })).body).toMatchObject({ code: 'mcp.origin_refused' });
  expect((await send({ origin: 'null' })).body).toMatchObject({ code: 'mcp.origin_refused' });
  expect((await send({ host: 'evil.example' })).body).toMatchObject({ code: 'mcp.host_refused' });
});

it('answers nothing without a credential, and takes no message above its limit', async () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  expect(await app.send('POST', '/mcp', { body: message })).toMatchObject({
    status: 401,
    body: { code: 'auth.required' },
  });
  const large = await app.send('POST', '/mcp', {
    token: owner.token,
    body: { ...message, params: { text: 'a'.repeat(300_000) } },
  });
  expect(large.status).toBe(413);
});

it('offers the servers of the presets at addresses of their own, each with its tools alone', async () => {
  const { body } = await app.send('GET', '/api/v1/mcp/presets', { token: owner.token });
  const own = (body.data as { hostedBy: string; url: string }[]).filter(
    ({ hostedBy }) => hostedBy !== 'others',
  );
  const offered = await Promise.all(
    own.map(async ({ url }) => {
      const client = await connect(owner, { path: new URL(url).pathname });
      await expect(callMcpTool(client, 'create_room', { name: 'Room' })).rejects.toMatchObject({
        code: -32602,
      });
      expect(client.getServerCapabilities()).not.toHaveProperty('resources');
      return (await client.listTools()).tools.map(({ name }) => name);
    }),
  );
  expect(offered).toEqual([
    ['store_memories', 'recall_memories', 'list_memories', 'get_memory', 'update_memory', 'delete_memory'],
    ['sequentialthinking', 'list_thoughts'],
  ]);
});

it('a client that listens for changes is answered at once that there are none to come', async () => {
  const meta = 'io.modelcontextprotocol/';
  const { status } = await app.send('POST', '/mcp', {
    token: owner.token,
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'subscriptions/listen',
    },
    body: {
      jsonrpc: '2.0',
      id: 'listening',
      method: 'subscriptions/listen',
      params: {
        notifications: {
          toolsListChanged: true,
          promptsListChanged: true,
          resourcesListChanged: true,
          resourceSubscriptions: ['auralink://rooms/room_x'],
        },
        _meta: {
          [`${meta}protocolVersion`]: '2026-07-28',
          [`${meta}clientInfo`]: { name: 'test', version: '1' },
          [`${meta}clientCapabilities`]: {},
        },
      },
    },
  });
  // The answer has ended, or the test would still wait for it.
  expect(status).toBe(200);
});
