import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let person: Person;

beforeAll(async () => {
  app = createTestApp();
  person = await app.person();
});

const path = '/api/v1/me/socket';
const ticketFor = async (requester = person) =>
  (await app.send('POST', '/api/v1/me/socket-tickets', { token: requester.token })).body as {
    ticket: string;
    protocols: string[];
  };
const open = (headers: Record<string, string>, query = '') =>
  app.send('GET', `${path}${query}`, { headers: { upgrade: 'websocket', ...headers } });
const offering = (...protocols: string[]) => ({ 'sec-websocket-protocol': protocols.join(', ') });

describe('a ticket', () => {
  it('comes with the address, the subprotocols and its expiry', async () => {
    const answer = await app.send('POST', '/api/v1/me/socket-tickets', { token: person.token });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        url: 'ws://auralink.test/api/v1/me/socket',
        protocols: ['auralink-inbox.v1', `ticket.${answer.body.ticket}`],
        expiresAt: new Date(app.clock.now() + 60_000).toISOString(),
      },
    });
  });

  it('opens the socket as a subprotocol or in the query', async () => {
    const { ticket, protocols } = await ticketFor();
    expect((await open(offering(...protocols))).status).toBe(101);
    expect((await open({}, `?ticket=${ticket}`)).status).toBe(101);
  });

  it('is valid for a minute, and for nothing but the inbox socket', async () => {
    const { ticket, protocols } = await ticketFor();
    const asBearer = await app.send('GET', '/api/v1/contacts', { token: ticket });
    expect(asBearer).toMatchObject({ status: 401, body: { code: 'auth.invalid_token' } });
    expect(await open({}, `?ticket=${person.token}`)).toMatchObject({
      status: 401,
      body: { code: 'auth.invalid_token' },
    });
    app.clock.advanceSeconds(61);
    expect(await open(offering(...protocols))).toMatchObject({
      status: 401,
      body: { code: 'auth.expired_token' },
    });
  });

  it('is refused to an API key', async () => {
    const boss = await app.person();
    const body = { name: 'All', scopes: ['admin'] };
    const key = await app.send('POST', '/api/v1/api-keys', { token: boss.token, body });
    const answer = await app.send('POST', '/api/v1/me/socket-tickets', { token: key.body.secret });
    expect(answer).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
  });
});

describe('opening the socket', () => {
  it('requires an upgrade request', async () => {
    const { protocols } = await ticketFor();
    const answer = await app.send('GET', path, { headers: offering(...protocols) });
    expect(answer).toMatchObject({ status: 426, body: { code: 'realtime.upgrade_required' } });
  });

  it('accepts pages of an allowed origin and programs without an origin', async () => {
    const headers = offering(...(await ticketFor()).protocols);
    expect((await open({ ...headers, origin: 'https://app.auralink.test' })).status).toBe(101);
    for (const origin of ['https://evil.example', 'null', 'https://app.auralink.test.evil.example'])
      expect(await open({ ...headers, origin })).toMatchObject({
        status: 403,
        body: { code: 'realtime.origin_not_allowed' },
      });
  });

  it('requires a ticket, and the inbox protocol if any protocol is offered', async () => {
    const { ticket } = await ticketFor();
    expect(await open({})).toMatchObject({ status: 401, body: { code: 'auth.required' } });
    expect(await open(offering('auralink-inbox.v1', 'ticket.forged'))).toMatchObject({ status: 401 });
    expect(await open(offering('auralink.v1', `ticket.${ticket}`))).toMatchObject({ status: 400 });
  });
});

it('the AsyncAPI document lists every frame and close code of the inbox socket', async () => {
  const { body } = await app.send('GET', '/asyncapi.json');
  expect(body.channels.inbox).toMatchObject({ address: path });
  const messages = Object.keys(body.channels.inbox.messages);
  for (const type of ['hello', 'presence.subscribe', 'ring.accept'])
    expect(messages).toContain(`inbox.client.${type}`);
  for (const type of [
    'welcome',
    'resumed',
    'gap',
    'ring.incoming',
    'ring.stopped',
    'notification',
    'presence.changed',
  ])
    expect(messages).toContain(`inbox.server.${type}`);
  expect(body.channels.inbox['x-close-codes']).toContainEqual(expect.objectContaining({ code: 4409 }));
});
