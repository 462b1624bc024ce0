import { readProduct, report, SCHEDULE, TAG } from './findings.ts';
import { createRoom, getCall, joinRoom, listRooms, updateRoom } from './generated/orval.ts';

const { api, token, limitedKey } = readProduct();
// The client asks relative to the page that it is part of: here there is none.
const { fetch } = globalThis;
globalThis.fetch = (path, init) => fetch(new URL(path as string, api), init);
const as = (credential: string) => ({ headers: { authorization: `Bearer ${credential}` } });
const options = as(token);

const made = await createRoom({ name: 'Room 1', tags: [TAG], schedule: SCHEDULE }, options);
if (made.status !== 201) throw new Error(made.data.code);
const room = made.data;
for (const name of ['Room 2', 'Room 3']) await createRoom({ name, tags: [TAG] }, options);

const joined = await joinRoom(room.id, { name: 'Ada' }, options);
if (joined.status !== 200) throw new Error(`joining was answered with ${joined.status}`);
const callId = joined.data.status === 'admitted' ? joined.data.callId : '';
const call = await getCall(callId, options);
if (call.status !== 200) throw new Error(call.data.code);

const names: string[] = [];
let pages = 0;
for (let cursor: string | undefined, more = true; more;) {
  const page = await listRooms({ tag: TAG, limit: 2, ...(cursor === undefined ? {} : { cursor }) }, options);
  if (page.status !== 200) throw new Error(page.data.code);
  names.push(...page.data.data.map(({ name }) => name));
  pages++;
  cursor = page.data.nextCursor ?? undefined;
  more = cursor !== undefined;
}

const changed = { headers: { ...options.headers, 'If-Match': made.headers.get('etag')! } };
await updateRoom(room.id, { name: 'Room 1a' }, changed);
const stale = await updateRoom(room.id, { name: 'Room 1b' }, changed);
if (stale.status !== 412) throw new Error(`a stale update was answered with ${stale.status}`);

let limited = await listRooms({}, as(limitedKey));
for (let request = 0; request < 5 && limited.status === 200; request++)
  limited = await listRooms({}, as(limitedKey));
if (limited.status !== 429) throw new Error(`a request above the limit was answered with ${limited.status}`);

report({
  startsAt: room.schedule?.startsAt,
  timeZone: room.schedule?.timeZone,
  joined: joined.data.status,
  callIsInRoom: call.data.roomId === room.id,
  names,
  pages,
  stale: { status: stale.status, code: stale.data.code },
  limited: {
    status: limited.status,
    code: limited.data.code,
    retryAfterSeconds: Number(limited.headers.get('retry-after')),
  },
});
