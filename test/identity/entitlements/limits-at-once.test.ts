import { beforeAll, describe, expect, it } from 'vitest';
import { type EntitlementLimit, LIMITS } from '../../../src/identity/entitlements/entitlements.enums.ts';
import { createTestApp, type Person, type TestApp, type TestResponse } from '../../support/app.ts';
import { createGenerationExample } from '../../../src/intelligence/generation-requests/index.ts';
import { includePlatformModels, useSilentModels } from '../../support/ai/silent-models.ts';
import { uploadFile } from '../../support/files.ts';
import { createCalls } from '../../support/calls.ts';
import { insertTrunk } from '../../support/phone-calls.ts';
import { createRecordableRoom } from '../../support/recordings.ts';
import { ownerSql } from '../../contract/sql.ts';

const REQUESTS = 200;
const LIMIT = 50;

let app: TestApp;
let owner: Person;
let roomId: string;

/** How many there are of what a limit counts before the requests, and how each request adds one. */
interface Additions {
  existing: number;
  /** The status of a request beyond the limit. */
  refused: number;
  prepare(): Promise<(() => Promise<TestResponse>)[]>;
}

const post = (path: string, body: unknown, { token } = owner) => app.send('POST', path, { token, body });
/** As a client does, on a machine too busy to serve all of them in time. */
async function sendWithRetry(request: () => Promise<TestResponse>): Promise<TestResponse> {
  let answer = await request();
  for (let retries = 0; answer.status === 503 && retries < 10; retries++) {
    app.clock.advanceSeconds(5); // The database is asked again once its breaker has been open that long.
    answer = await request();
  }
  return answer;
}
const repeat = (request: (at: number) => Promise<TestResponse>) =>
  Promise.resolve(Array.from({ length: REQUESTS }, (_each, at) => () => request(at)));
const createMembers = () =>
  Promise.all(
    Array.from({ length: REQUESTS }, () =>
      app.person({ role: 'member', organizationId: owner.organizationId, plan: 'enterprise' }),
    ),
  );

/** A new limit of the catalogue has to be here. */
const ADDITIONS: Record<EntitlementLimit, Additions> = {
  members: {
    existing: 1,
    refused: 402,
    async prepare() {
      await createMembers();
      const members = await ownerSql<{ id: string }>(
        `update members set status = 'suspended' where organization_id = $1 and user_id <> $2 returning id`,
        [owner.organizationId, owner.userId],
      );
      return members.slice(0, REQUESTS).map(
        ({ id }) =>
          () =>
            app.send('PATCH', `/api/v1/organizations/${owner.organizationId}/members/${id}`, {
              token: owner.token,
              body: { status: 'active' },
            }),
      );
    },
  },
  pending_invitations: {
    existing: 0,
    refused: 402,
    prepare: () =>
      repeat((at) =>
        post(`/api/v1/organizations/${owner.organizationId}/invitations`, {
          email: `person-${at}@auralink.test`,
          role: 'member',
        }),
      ),
  },
  api_keys: {
    existing: 0,
    refused: 402,
    prepare: () => repeat((at) => post('/api/v1/api-keys', { name: `Key ${at}`, scopes: ['read'] })),
  },
  rooms: {
    existing: 1,
    refused: 402,
    prepare: () => repeat((at) => post('/api/v1/rooms', { name: `Room ${at}` })),
  },
  // The room is as large as it may be; its call has no more seats.
  room_capacity: {
    existing: 0,
    refused: 409,
    async prepare() {
      const people = await createMembers();
      return people.map((person) => () => post(`/api/v1/rooms/${roomId}/token`, {}, person));
    },
  },
  links: {
    existing: 0,
    refused: 402,
    prepare: () => repeat(() => post('/api/v1/links', { roomId })),
  },
  memories: {
    existing: 0,
    refused: 402,
    prepare: () =>
      repeat((at) =>
        post('/api/v1/ai/memories', { scope: 'organization', memories: [{ content: `Memory ${at}` }] }),
      ),
  },
  // Those that may run do so until all others are refused.
  running_generations: {
    existing: 0,
    refused: 402,
    async prepare() {
      await includePlatformModels(app, owner);
      const { release } = useSilentModels(app);
      let refused = 0;
      return repeat(async () => {
        const answer = await post('/api/v1/ai/generations', createGenerationExample);
        if (answer.status === 402 && ++refused === REQUESTS - LIMIT) release();
        return answer;
      });
    },
  },
  // Empty ones, which hold no bytes.
  files: {
    existing: 0,
    refused: 402,
    prepare: () => repeat((at) => uploadFile(app, owner.token, { name: `${at}.txt`, content: '' })),
  },
  storage_bytes: {
    existing: 0,
    refused: 402,
    prepare: () => repeat((at) => uploadFile(app, owner.token, { name: `${at}.txt`, content: 'x' })),
  },
  // Each file is a byte larger than the one before.
  file_bytes: {
    existing: 0,
    refused: 402,
    prepare: () => repeat((at) => uploadFile(app, owner.token, { content: 'x'.repeat(at + 1) })),
  },
  // Each of another person in one call.
  running_recordings: {
    existing: 0,
    refused: 402,
    async prepare() {
      const identities = Array.from({ length: REQUESTS }, (_each, at) => `gst_${at}`);
      const { roomId: recordable } = await createRecordableRoom(app, owner, identities);
      return identities.map(
        (identity) => () => post(`/api/v1/rooms/${recordable}/recordings`, { kind: 'participant', identity }),
      );
    },
  },
  running_phone_calls: { existing: 0, refused: 402, prepare: dialEach },
  hourly_phone_calls: { existing: 0, refused: 402, prepare: dialEach },
};

/** Another number each, in one call. */
async function dialEach() {
  const { organizationId } = owner;
  await createCalls(app, [{ organizationId, roomId }]);
  const phoneTrunkId = await insertTrunk(app, { organizationId });
  return repeat((at) =>
    post(`/api/v1/rooms/${roomId}/phone-calls`, { phoneTrunkId, number: `+4930555${10_000 + at}` }),
  );
}

beforeAll(() => {
  // The commits wait for each other, on a busy machine longer than a statement may otherwise take.
  app = createTestApp({}, { STATEMENT_TIMEOUT_MS: '60000' });
});

describe(`of ${REQUESTS} requests at once, as many succeed as the limit of ${LIMIT} leaves`, () => {
  it.each(LIMITS)('%s', { timeout: 120_000 }, async (limit) => {
    // What is limited twice has more of the other limit.
    owner = await app.person({ plan: 'enterprise' });
    const room = await post('/api/v1/rooms', { name: 'Room', capacity: 100 });
    roomId = room.body.id;
    const { existing, refused, prepare } = ADDITIONS[limit];
    const requests = await prepare();
    await ownerSql('update organizations set limits = $1::jsonb where id = $2', [
      JSON.stringify({ [limit]: LIMIT }),
      owner.organizationId,
    ]);
    const answers = await Promise.all(requests.map(sendWithRetry));
    const succeeded = answers.filter(({ status }) => status < 300);
    expect(answers.filter((answer) => !succeeded.includes(answer)).map(({ status }) => status)).toEqual(
      Array.from({ length: REQUESTS - LIMIT + existing }, () => refused),
    );
    expect(succeeded).toHaveLength(LIMIT - existing);
  });
});
