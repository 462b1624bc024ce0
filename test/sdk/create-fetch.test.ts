import { beforeEach, describe, expect, it } from 'vitest';
import { createFetch } from '../../workers/sdk/typescript/create-fetch.ts';
import { apiKeyCredential } from '../../workers/sdk/typescript/credentials.ts';
import { AuraLinkConnectionError } from '../../workers/sdk/typescript/errors.ts';
import { createTestApp, type Person, type TestApp } from '../support/app.ts';
import { BASE_URL, createNetwork, type Network } from './network.ts';

let app: TestApp;
let network: Network;
let person: Person;
let pauses: number[];
const unavailable = (headers = {}) => new Response('{}', { status: 503, headers });
const limited = () => new Response('{}', { status: 429, headers: { 'retry-after': '7' } });

function send(method: string, path: string, body?: object, headers = {}) {
  const request = new Request(BASE_URL + path, {
    method,
    headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const fetch = createFetch({
    credential: apiKeyCredential(person.token),
    fetch: network.fetch,
    sleep: async (ms) => void pauses.push(ms),
    random: () => 1,
  });
  return fetch(request);
}
const countRooms = async () => {
  const { data } = await (await send('GET', '/api/v1/rooms')).json<{ data: unknown[] }>();
  return data.length;
};

beforeEach(async () => {
  app ??= createTestApp();
  network = createNetwork(app);
  person = await app.person();
  pauses = [];
});

describe('a request of the SDK', () => {
  it('that only reads is repeated after pauses that double, at most three times', async () => {
    network.next.push('unreached', unavailable(), 'answer_lost');
    expect((await send('GET', '/api/v1/rooms')).status).toBe(200);
    expect(pauses).toEqual([250, 500, 1000]);
    network.next.push(...Array.from({ length: 4 }, () => unavailable()));
    expect((await send('GET', '/api/v1/rooms')).status).toBe(503);
    expect(network.sent).toHaveLength(8);
  });

  it('that cannot be repeated fails when its answer is lost', async () => {
    network.next.push('answer_lost');
    await expect(send('POST', '/api/v1/rooms', { name: 'Standup' })).rejects.toBeInstanceOf(
      AuraLinkConnectionError,
    );
    expect(await countRooms()).toBe(1);
  });

  it('with an idempotency key is repeated when its answer is lost, and done once', async () => {
    network.next.push('answer_lost', 'answer_lost');
    const answer = await send('POST', '/api/v1/rooms', { name: 'Standup' }, { 'idempotency-key': 'one' });
    expect(answer.status).toBe(201);
    expect(network.sent.map(({ key }) => key)).toEqual(['one', 'one', 'one']);
    expect(await countRooms()).toBe(1);
  });

  it('that was limited waits as long as the API says, whatever it does', async () => {
    network.next.push(limited());
    expect((await send('POST', '/api/v1/rooms', { name: 'Standup' })).status).toBe(201);
    expect(pauses).toEqual([7_000]);
  });

  it('is not kept waiting for minutes', async () => {
    network.next.push(unavailable({ 'retry-after': '600' }));
    expect((await send('GET', '/api/v1/rooms')).status).toBe(503);
    expect(pauses).toEqual([]);
  });

  it('that is refused for what it asks is not repeated', async () => {
    expect((await send('POST', '/api/v1/rooms', { name: '' }, { 'idempotency-key': 'two' })).status).toBe(
      400,
    );
    expect(network.sent).toHaveLength(1);
  });
});
