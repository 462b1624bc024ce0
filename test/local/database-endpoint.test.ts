import { Client, neonConfig } from '@neondatabase/serverless';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fileDatabase } from '../support/database/of-file.ts';

const SQL = { query: 'select 1', params: [] };
const { endpoint, connectionString } = fileDatabase();
const postSql = (headers: Record<string, string>) =>
  fetch(`${endpoint}/sql`, { method: 'POST', headers, body: JSON.stringify(SQL) });
const canConnect = (options: { origin?: string }) =>
  new Promise<boolean>((resolve) => {
    const socket = new WebSocket(`${endpoint.replace('http', 'ws')}/v2`, options);
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

it('the local database rolls back the transaction of a client that disconnects in it, and serves the next one', async () => {
  neonConfig.wsProxy = () => `${new URL(endpoint).host}/v2`;
  neonConfig.useSecureWebSocket = false;
  neonConfig.pipelineTLS = false;
  neonConfig.pipelineConnect = false;
  const connect = async () => {
    const client = new Client(connectionString);
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const first = await connect();
  await first.query('begin; create table left_behind (id int)');
  await first.end();
  const second = await connect();
  const { rows } = await second.query(`select to_regclass('left_behind') as found`);
  await second.end();
  expect(rows).toEqual([{ found: null }]);
});
