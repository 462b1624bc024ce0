import {
  createAuraLink,
  createRoom,
  getCall,
  hasCode,
  itemsOf,
  joinRoom,
  listRooms,
  pagesOf,
  updateRoom,
  type AuraLinkError,
} from '@auralink/sdk';
import { readProduct, report, SCHEDULE, TAG } from './findings.ts';

const { api: baseUrl, token, limitedKey } = readProduct();
const client = createAuraLink({ baseUrl, apiKey: token });

const { data: room, response } = await createRoom({
  client,
  body: { name: 'Room 1', tags: [TAG], schedule: SCHEDULE },
});
for (const name of ['Room 2', 'Room 3']) await createRoom({ client, body: { name, tags: [TAG] } });

const path = { roomId: room.id };
const { data: admission } = await joinRoom({ client, path, body: { name: 'Ada' } });
const { data: call } = await getCall({
  client,
  path: { callId: admission.status === 'admitted' ? admission.callId : '' },
});

const query = { tag: TAG, limit: 2 };
const names: string[] = [];
for await (const { name } of itemsOf(listRooms, { client, query })) names.push(name);
let pages = 0;
for await (const { data } of pagesOf(listRooms, { client, query })) pages += data.length > 0 ? 1 : 0;

/** The error that something fails with. */
async function errorOf(work: Promise<unknown>, code: string): Promise<AuraLinkError> {
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (hasCode(error, code)) return error;
  throw new Error(`did not fail with ${code}`, { cause: error });
}

const headers = { 'If-Match': response.headers.get('etag')! };
await updateRoom({ client, path, headers, body: { name: 'Room 1a' } });
const stale = await errorOf(
  updateRoom({ client, path, headers, body: { name: 'Room 1b' } }),
  'request.stale',
);

const limitedClient = createAuraLink({ baseUrl, apiKey: limitedKey, maxRetries: 0 });
const askFiveTimes = async () => {
  for (let request = 0; request < 5; request++) await listRooms({ client: limitedClient });
};
const limited = await errorOf(askFiveTimes(), 'request.rate_limited');

report({
  startsAt: room.schedule?.startsAt,
  timeZone: room.schedule?.timeZone,
  joined: admission.status,
  callIsInRoom: call.roomId === room.id,
  names,
  pages,
  stale: { status: stale.status, code: stale.code },
  limited: { status: limited.status, code: limited.code, retryAfterSeconds: limited.retryAfterSeconds! },
});
