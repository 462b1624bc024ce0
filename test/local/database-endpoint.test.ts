import { expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';

const SQL = { query: 'select 1', params: [] };
const endpoint = () => inject('databaseEndpoint');
const ask = (headers: Record<string, string>) =>
  fetch(`${endpoint()}/sql`, { method: 'POST', headers, body: JSON.stringify(SQL) });
const opens = (options: { origin?: string }) =>
  new Promise<boolean>((resolve) => {
    const socket = new WebSocket(`${endpoint().replace('http', 'ws')}/v2`, options);
    socket.once('error', () => resolve(false));
    socket.once('open', () => {
      socket.terminate();
      resolve(true);
    });
  });

it('the local database takes statements from programs, never from a page in a browser', async () => {
  expect((await ask({})).status).toBe(200);
  const answer = await ask({ origin: 'https://elsewhere.example', 'content-type': 'text/plain' });
  expect(answer.status).toBe(403);
});

it('the local database relays connections of programs, never of a page in a browser', async () => {
  expect(await opens({})).toBe(true);
  expect(await opens({ origin: 'https://elsewhere.example' })).toBe(false);
});
