import { readProduct, report, SCHEDULE, TAG } from './findings.ts';
import { createClient } from './generated/hey-api/client';
import { createRoom, getCall, joinRoom, listRooms, updateRoom } from './generated/hey-api';

const { api, token, limitedKey } = readProduct();
const client = createClient({ baseUrl: api, auth: token });

const made = await createRoom({ client, body: { name: 'Room 1', tags: [TAG], schedule: SCHEDULE } });
const room = made.data!;
for (const name of ['Room 2', 'Room 3']) await createRoom({ client, body: { name, tags: [TAG] } });

const path = { roomId: room.id };
const { data: admission } = await joinRoom({ client, path, body: { name: 'Ada' }, throwOnError: true });
const callId = admission.status === 'admitted' ? admission.callId : '';
const { data: call } = await getCall({ client, path: { callId }, throwOnError: true });

const names: string[] = [];
let pages = 0;
for (let cursor: string | undefined, more = true; more;) {
  const query = { tag: TAG, limit: 2, ...(cursor === undefined ? {} : { cursor }) };
  const { data } = await listRooms({ client, query, throwOnError: true });
  names.push(...data.data.map(({ name }) => name));
  pages++;
  cursor = data.nextCursor ?? undefined;
  more = cursor !== undefined;
}

const headers = { 'If-Match': made.response!.headers.get('etag')! };
await updateRoom({ client, path, headers, body: { name: 'Room 1a' } });
const stale = await updateRoom({ client, path, headers, body: { name: 'Room 1b' } });

const limitedClient = createClient({ baseUrl: api, auth: limitedKey });
let limited = await listRooms({ client: limitedClient });
for (let request = 0; request < 5 && !limited.error; request++)
  limited = await listRooms({ client: limitedClient });

report({
  startsAt: room.schedule?.startsAt,
  timeZone: room.schedule?.timeZone,
  joined: admission.status,
  callIsInRoom: call.roomId === room.id,
  names,
  pages,
  stale: { status: stale.response!.status, code: stale.error!.code },
  limited: {
    status: limited.response!.status,
    code: limited.error!.code,
    retryAfterSeconds: Number(limited.response!.headers.get('retry-after')),
  },
});
