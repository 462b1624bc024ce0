import {
  createExecutionContext,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test';
import { beforeAll, expect, it } from 'vitest';
import { createHashingQueue } from '../../../src/identity/passwords/index.ts';
import { type RoomTicketClaims, signRoomTicket, SUBPROTOCOL } from '../../../src/meetings/realtime/index.ts';
import type { Services } from '../../../src/platform/context/index.ts';
import { servicesOf } from '../../../workers/context.ts';
import worker from '../../../workers/index.ts';
import { createWorkerEnv } from '../../support/worker-env.ts';
import { lendServices, object, TestSocket } from '../../meetings/realtime/socket-client.ts';

/** What a password costs is tested elsewhere. */
const cheapObjects = { getByName: () => createHashingQueue({ parameters: { ln: 4, r: 8, p: 1 } }) };
const { env } = createWorkerEnv({ PASSWORD_HASHER: cheapObjects as unknown as Env['PASSWORD_HASHER'] });
let isDown = false;
const failing = () => Promise.reject(new Error('the database is down'));

/** The Worker's own services, whose database can be made to fail. */
lendServices(() => {
  const services = servicesOf(env);
  if (!isDown) return services;
  return { ...services, database: { ...services.database, commit: failing, read: failing } } as Services;
});

async function call(method: string, path: string, body?: unknown, token?: string): Promise<any> {
  // eslint-disable-line typescript/no-explicit-any -- looked into
  const request = new Request(`http://auralink.test/api/v1${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'cf-connecting-ip': '192.0.2.77',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const response = await worker.fetch!(request as never, env, createExecutionContext());
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return response.json();
}

let token: string;
let roomId: string;
let ticket: string;

beforeAll(async () => {
  const email = `${crypto.randomUUID()}@auralink.test`;
  const person = await call('POST', '/auth/signup', {
    email,
    password: 'correct-tulip-42-window',
    name: 'Ada',
  });
  token = person.accessToken;
  const { organizationId, id: userId } = await call('GET', '/auth/whoami', undefined, token);
  roomId = (await call('POST', '/rooms', { name: 'Standup' }, token)).id;
  const claims: RoomTicketClaims = {
    organizationId,
    roomId,
    identity: userId,
    participantId: null,
    callId: null,
    name: 'Ada',
    role: 'host',
    kind: 'user',
    userId,
    linkId: null,
    lobbyEntryId: null,
    features: { chat: true, files: true, captions: true, screenShare: true, recording: true },
  };
  ticket = await signRoomTicket(servicesOf(env).signer, claims);
}, 60_000);

/** Through the Worker's own door, as a client does it. */
async function connect(): Promise<TestSocket> {
  const request = new Request(`http://auralink.test/api/v1/rooms/${roomId}/socket`, {
    headers: { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': `${SUBPROTOCOL}, ticket.${ticket}` },
  });
  const response = await worker.fetch!(request as never, env, createExecutionContext());
  expect(response.status).toBe(101);
  expect(response.headers.get('sec-websocket-protocol')).toBe(SUBPROTOCOL);
  const socket = new TestSocket(response.webSocket!);
  socket.send({ type: 'hello' });
  await socket.frame('welcome');
  return socket;
}

const kept = async (): Promise<string[]> =>
  (await call('GET', `/rooms/${roomId}/messages?limit=100`, undefined, token)).data
    .map(({ text }: { text: string }) => text)
    .toReversed();

let later = 0;

/** Lets the room believe that so much time has passed since the last time, and runs its alarm. */
async function wakeLater(ms = 120_000): Promise<void> {
  later += ms;
  await runInDurableObject(object(roomId), (instance) => {
    instance.clock = { now: () => Date.now() + later };
  });
  await runDurableObjectAlarm(object(roomId));
}

it('what is said while the database is down is there when it is back, also after an eviction', async () => {
  const socket = await connect();
  const said = Array.from({ length: 5 }, (_each, i) => `message ${i}`);
  isDown = true;
  for (const text of said)
    expect(await socket.ask({ type: 'chat.send', text })).toMatchObject({ type: 'ack' });
  await wakeLater();
  await evictDurableObject(object(roomId));
  await wakeLater();
  expect(await kept()).toEqual([]);
  isDown = false;
  await wakeLater();
  expect(await kept()).toEqual(said);
  await wakeLater();
  expect(await kept()).toEqual(said);
});

it('history over the socket holds what was said a moment ago', async () => {
  const socket = await connect();
  await socket.ask({ type: 'chat.send', text: 'just now' });
  socket.send({ type: 'chat.history', id: 'history-0001', limit: 1 });
  const page = await socket.frame('chat.page');
  expect(page).toMatchObject({
    id: 'history-0001',
    data: [{ text: 'just now' }],
    nextCursor: expect.any(String),
  });
});

it('an old message can be changed after the room has forgotten it', async () => {
  const socket = await connect();
  const { result } = await socket.ask({ type: 'chat.send', text: 'old' });
  await wakeLater(26 * 3_600_000);
  await runInDurableObject(object(roomId), (_instance, state) => {
    expect(
      state.storage.sql.exec('select seq from events where ref = ?', result.messageId).toArray(),
    ).toEqual([]);
  });
  const again = await connect();
  await again.ask({ type: 'chat.edit', messageId: result.messageId, text: 'not so old' });
  await again.frame('chat.edited');
  await wakeLater();
  expect(await kept()).toContain('not so old');
});
