import { beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/identity/entitlements/index.ts';
import { addEndedConnections, createAppInMidMonth, join } from '../../calls/minutes/support.ts';
import { deliverAll, openCall, renewToken } from '../../calls/calls/support.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person, TestApp, TestResponse } from '../../support/app.ts';
import { createGenerationExample } from '../../../src/intelligence/generation-requests/index.ts';
import { includePlatformModels, useSilentModels } from '../../support/ai/silent-models.ts';
import { uploadFile } from '../../support/files.ts';
import { insertTrunk } from '../../support/phone-calls.ts';
import { createRecordableRoom } from '../../support/recordings.ts';

let app: TestApp;
let owner: Person;
let admin: Person;
let roomId: string;
let recordable: Awaited<ReturnType<typeof createRecordableRoom>>;
let suspendedId: string;
let phoneTrunkId: string;
/** Owner and admin of an organization whose minutes are used up. */
let usedUp: Person;
let adminOfUsedUp: Person;
let roomOfUsedUp: string;

/** The other included amounts: `test/calls/included-use`. */
type Limited = (typeof LIMITS)[number] | 'participant_minutes';
const post = (person: Person, path: string, body: object) =>
  app.send('POST', `/api/v1/${path}`, { token: person.token, body });

const dial = (person: Person) =>
  post(person, `rooms/${recordable.roomId}/phone-calls`, { phoneTrunkId, number: '+493098765432' });

/** What is refused once a limit is 0, of everything that plans limit: a new limit of the catalogue is missing here. */
const REFUSED: Record<Limited, (person: Person) => Promise<TestResponse>> = {
  members: ({ token, organizationId }) =>
    app.send('PATCH', `/api/v1/organizations/${organizationId}/members/${suspendedId}`, {
      token,
      body: { status: 'active' },
    }),
  pending_invitations: (person) =>
    post(person, `organizations/${person.organizationId}/invitations`, {
      email: `${crypto.randomUUID()}@auralink.test`,
      role: 'member',
    }),
  api_keys: (person) => post(person, 'api-keys', { name: 'Key', scopes: ['read'] }),
  rooms: (person) => post(person, 'rooms', { name: 'Room' }),
  room_capacity: ({ token }) =>
    app.send('PATCH', `/api/v1/rooms/${roomId}`, { token, body: { capacity: 99 } }),
  links: (person) => post(person, 'links', { roomId }),
  files: ({ token }) => uploadFile(app, token, { content: '' }),
  storage_bytes: ({ token }) => uploadFile(app, token, { content: 'abc' }),
  file_bytes: ({ token }) => uploadFile(app, token, { content: 'abc' }),
  running_recordings: (person) => post(person, `rooms/${recordable.roomId}/recordings`, {}),
  running_phone_calls: (person) => dial(person),
  hourly_phone_calls: (person) => dial(person),
  memories: (person) =>
    post(person, 'ai/memories', { scope: 'organization', memories: [{ content: 'Memory' }] }),
  running_generations: (person) => post(person, 'ai/generations', createGenerationExample),
  participant_minutes: (person) => join(app, person, roomOfUsedUp),
};
/** Limits of the size of one thing: they count nothing. */
const OF_SIZE: readonly string[] = ['room_capacity', 'file_bytes'];

beforeAll(async () => {
  app = createAppInMidMonth();
  owner = await app.person();
  const { organizationId } = owner;
  admin = await app.person({ role: 'admin', organizationId });
  const { userId } = await app.person({ role: 'member', organizationId });
  const [row] = await ownerSql(`update members set status = 'suspended' where user_id = $1 returning id`, [
    userId,
  ]);
  suspendedId = row!['id'] as string;
  roomId = (await post(owner, 'rooms', { name: 'Room', capacity: 50 })).body.id;
  recordable = await createRecordableRoom(app, owner);
  await includePlatformModels(app, owner);
  useSilentModels(app);
  phoneTrunkId = await insertTrunk(app, { organizationId });
  usedUp = await app.person();
  adminOfUsedUp = await app.person({ role: 'admin', organizationId: usedUp.organizationId });
  const room = await post(usedUp, 'rooms', { name: 'Room' });
  roomOfUsedUp = room.body.id;
  const call = await openCall(app, usedUp);
  app.liveKit.cluster.join(call.callId, call.identity);
  await deliverAll(app);
  await addEndedConnections(call.callId, 17);
});

/** What gives more, for those who may change it and for all others. */
const OF_PLAN = {
  remedy: 'larger_plan',
  owner: {
    upgradeUrl: 'https://app.auralink.test/billing',
    hint: 'Change to a plan that allows more.',
  },
  admin: {
    upgradeUrl: null,
    hint: 'Ask an owner of the organization to change to a plan that allows more.',
  },
};
const OF_OPERATOR = {
  remedy: 'contact_support',
  owner: {
    upgradeUrl: null,
    hint: 'This was set for the organization, whatever its plan: contact support to change it.',
  },
  admin: {
    upgradeUrl: null,
    hint: 'This was set for the organization, whatever its plan: ask an owner to contact support.',
  },
};

describe('every limit of the catalogue', () => {
  it.each(Object.keys(REFUSED) as Limited[])(
    '%s is refused with its value, what is used and left, and where to get more or whom to ask',
    async (name) => {
      const isMeter = name === 'participant_minutes';
      if (!isMeter)
        await ownerSql('update organizations set limits = jsonb_build_object($1::text, 0) where id = $2', [
          name,
          owner.organizationId,
        ]);
      const isCounted = !OF_SIZE.includes(name);
      const { remedy, ...said } = isMeter ? OF_PLAN : OF_OPERATOR;
      const limit = {
        name,
        plan: 'free',
        value: isMeter ? 1_000 : 0,
        used: isCounted ? expect.any(Number) : null,
        left: isCounted ? 0 : null,
        plans: '/api/v1/billing/plans',
        remedy,
        moreSeats: null,
        seatsNeeded: null,
      };
      const asOwner = await REFUSED[name](await renewToken(app, isMeter ? usedUp : owner));
      expect(asOwner).toMatchObject({ status: 402, body: { code: 'billing.limit_reached' } });
      expect(asOwner.body.limit).toEqual({ ...limit, ...said.owner });
      const asAdmin = await REFUSED[name](await renewToken(app, isMeter ? adminOfUsedUp : admin));
      expect(asAdmin.body.limit).toEqual({ ...limit, ...said.admin });
    },
  );
});
