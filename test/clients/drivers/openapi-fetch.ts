import createClient from 'openapi-fetch';
import { readProduct, report, SCHEDULE, TAG } from './findings.ts';
import type { paths } from './generated/openapi-typescript.d.ts';

const { api, token, limitedKey } = readProduct();
const clientOf = (credential: string) =>
  createClient<paths>({ baseUrl: api, headers: { authorization: `Bearer ${credential}` } });
const client = clientOf(token);

const made = await client.POST('/api/v1/rooms', {
  body: { name: 'Room 1', tags: [TAG], schedule: SCHEDULE },
});
const room = made.data!;
for (const name of ['Room 2', 'Room 3']) await client.POST('/api/v1/rooms', { body: { name, tags: [TAG] } });

const params = { path: { roomId: room.id } };
const admission = (await client.POST('/api/v1/rooms/{roomId}/token', { params, body: { name: 'Ada' } }))
  .data!;
const callId = admission.status === 'admitted' ? admission.callId : '';
const call = await client.GET('/api/v1/calls/{callId}', { params: { path: { callId } } });

const names: string[] = [];
let pages = 0;
for (let cursor: string | undefined, more = true; more;) {
  const query = { tag: TAG, limit: 2, ...(cursor === undefined ? {} : { cursor }) };
  const { data } = await client.GET('/api/v1/rooms', { params: { query } });
  names.push(...data!.data.map(({ name }) => name));
  pages++;
  cursor = data!.nextCursor ?? undefined;
  more = cursor !== undefined;
}

const changed = { path: { roomId: room.id }, header: { 'If-Match': made.response.headers.get('etag')! } };
await client.PATCH('/api/v1/rooms/{roomId}', { params: changed, body: { name: 'Room 1a' } });
const stale = await client.PATCH('/api/v1/rooms/{roomId}', { params: changed, body: { name: 'Room 1b' } });

const limitedClient = clientOf(limitedKey);
let limited = await limitedClient.GET('/api/v1/rooms');
for (let request = 0; request < 5 && !limited.error; request++)
  limited = await limitedClient.GET('/api/v1/rooms');

report({
  startsAt: room.schedule?.startsAt,
  timeZone: room.schedule?.timeZone,
  joined: admission.status,
  callIsInRoom: call.data!.roomId === room.id,
  names,
  pages,
  stale: { status: stale.response.status, code: stale.error!.code },
  limited: {
    status: limited.response.status,
    code: limited.error!.code,
    retryAfterSeconds: Number(limited.response.headers.get('retry-after')),
  },
});
