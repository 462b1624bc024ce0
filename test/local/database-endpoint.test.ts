import { expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';

const SQL = { query: 'select 1', params: [] };
const endpoint = () => inject('databaseEndpoint');
const postSql = (headers: Record<string, string>) =>
  fetch(`${endpoint()}/sql`, { method: 'POST', headers, body: JSON.stringify(SQL) });
const canConnect = (options: { origin?: string }) =>
  new Promise<boolean>((resolve) => {
    const socket = new WebSocket(`${endpoint().replace('http', 'ws')}/v2`, options);
    socket.once('error', () => resolve(false));
    socket.once('open', () => {
      socket.terminate();
      resolve(true);
    });
  });

it('the local database takes statements from programs, never from a page in a browser', async () => {
  expect((await postSql({})).status).toBe(200);
  const answer = await postSql({ origin: 'https://elsewhere.example', 'content-type': 'text/plain' });
  expect(answer.status).toBe(403);
});

it('the local database relays connections of programs, never of a page in a browser', async () => {
  expect(await canConnect({})).toBe(true);
  expect(await canConnect({ origin: 'https://elsewhere.example' })).toBe(false);
});
