import { GOOD_PASSWORD, logIn } from '../support/sign-in.ts';
import { withFreshToken } from '../support/tokens.ts';
import { ownerSql } from '../contract/sql.ts';
import { misbehaveCluster } from '../support/meeting.ts';
import { requireSuccess, type Scene, type Subject } from './scene.ts';

/** What can happen to somebody. */
export interface Change {
  /** As the head of a row. */
  name: string;
  /** To whom: a guest where a link matters. */
  subject: Subject['kind'];
  /**
   * Makes it happen, once, to the people of all scenes, which share one stage.
   * @returns how to undo what it did to other stages
   */
  apply(scenes: readonly Scene[]): Promise<void | (() => void)>;
}

/** What happens to each person by themselves. */
const toEach =
  (applyTo: (scene: Scene) => Promise<unknown>) =>
  async (scenes: readonly Scene[]): Promise<void> => {
    for (const scene of scenes) await applyTo(scene);
  };
/** What happens to the room, or around it. */
const once =
  (apply: (scene: Scene) => Promise<unknown>) =>
  async ([scene]: readonly Scene[]): Promise<void> =>
    void (await apply(scene!));

async function participantIdOf({ subject, roomId }: Scene): Promise<string> {
  const [row] = await ownerSql<{ id: string }>(
    `select p.id from call_participants p join calls c on c.id = p.call_id
     where c.room_id = $1 and p.identity = $2 order by p.id desc limit 1`,
    [roomId, subject.identity],
  );
  return row?.id ?? '';
}

async function memberPathOf({ subject, host }: Scene): Promise<string> {
  const [row] = await ownerSql<{ id: string }>(
    'select id from members where user_id = $1 and organization_id = $2',
    [subject.identity, host.organizationId],
  );
  return `/organizations/${host.organizationId}/members/${row!.id}`;
}

/** By the host. */
const request = async ({ send, host }: Scene, method: string, path: string, body?: object) =>
  requireSuccess(await send(method, path, host, body));
const requestOfRoom = (scene: Scene, method: string, path: string, body?: object) =>
  request(scene, method, `/rooms/${scene.roomId}${path}`, body);

const patchRoom = (settings: object) => once((scene) => requestOfRoom(scene, 'PATCH', '', settings));
const patchMember = (changes: object) => async (scene: Scene) =>
  request(scene, 'PATCH', await memberPathOf(scene), changes);
const patchLink = (changes: object) =>
  once((scene) => request(scene, 'PATCH', `/links/${scene.link.id}`, changes));

/** They sign in on another device and change the password there. */
async function changePasswordElsewhere({ app, send, subject }: Scene): Promise<void> {
  const { ids, ports } = app.services;
  const { userId, email } = subject.person!;
  const hash = await ports.passwords.hash(email, GOOD_PASSWORD, { key: email, proven: true });
  await ownerSql(
    `insert into credentials (id, user_id, provider_id, account_id, password_hash, created_at, updated_at)
     values ($1, $2, 'credential', $2, $3, now(), now())`,
    [ids.create('credential'), userId, hash],
  );
  const { accessToken } = await logIn(app, { email, password: GOOD_PASSWORD });
  const body = { currentPassword: GOOD_PASSWORD, newPassword: 'nine-lanterns-over-water' };
  requireSuccess(await send('POST', '/users/me/password', { token: accessToken }, body));
}

/** Their client refreshes its token, as clients do when it is refused as outdated. */
async function demoteInOrganization(scene: Scene): Promise<void> {
  const { app, subject } = scene;
  await patchMember({ role: 'member' })(scene);
  subject.token = (await withFreshToken(app, subject.person!, 'member')).token;
}

async function moveElsewhere(scenes: readonly Scene[]): Promise<void> {
  const { id: toRoomId } = await request(scenes[0]!, 'POST', '/rooms', { name: 'There' });
  for (const scene of scenes)
    await requestOfRoom(scene, 'POST', `/participants/${await participantIdOf(scene)}/move`, { toRoomId });
}

export const CHANGES = {
  signedOut: {
    name: 'signed out',
    subject: 'member',
    apply: toEach(async ({ send, subject }) => requireSuccess(await send('POST', '/auth/logout', subject))),
  },
  passwordChanged: {
    name: 'their password is changed on another device',
    subject: 'member',
    apply: toEach(changePasswordElsewhere),
  },
  removed: {
    name: 'removed from the room',
    subject: 'member',
    apply: toEach(async (scene) =>
      requestOfRoom(scene, 'DELETE', `/participants/${await participantIdOf(scene)}`),
    ),
  },
  demoted: {
    name: 'given the role viewer in the room',
    subject: 'member',
    apply: toEach(async (scene) =>
      requestOfRoom(scene, 'PATCH', `/participants/${await participantIdOf(scene)}`, { role: 'viewer' }),
    ),
  },
  demotedInOrganization: {
    name: 'demoted to member of the organization',
    subject: 'administrator',
    apply: toEach(demoteInOrganization),
  },
  suspended: {
    name: 'suspended in the organization',
    subject: 'member',
    apply: toEach(patchMember({ status: 'suspended' })),
  },
  removedFromOrganization: {
    name: 'removed from the organization',
    subject: 'member',
    apply: toEach(async (scene) => request(scene, 'DELETE', await memberPathOf(scene))),
  },
  blocked: {
    name: 'blocked by the person they have to do with',
    subject: 'member',
    apply: toEach(async ({ send, host, subject }) =>
      requireSuccess(
        await send('POST', '/contacts', subject.other ?? host, { userId: subject.identity, blocked: true }),
      ),
    ),
  },
  linkRevoked: {
    name: 'their link is switched off',
    subject: 'guest',
    apply: patchLink({ isActive: false }),
  },
  linkDeleted: {
    name: 'their link is deleted',
    subject: 'guest',
    apply: once((scene) => request(scene, 'DELETE', `/links/${scene.link.id}`)),
  },
  linkChanged: {
    name: 'their link loses the chat',
    subject: 'guest',
    apply: patchLink({ enableChat: false }),
  },
  lobbyOn: { name: 'the lobby is switched on', subject: 'member', apply: patchRoom({ lobby: true }) },
  lobbyOff: { name: 'the lobby is switched off', subject: 'member', apply: patchRoom({ lobby: false }) },
  locked: {
    name: 'the room is locked',
    subject: 'member',
    apply: once((scene) => requestOfRoom(scene, 'POST', '/lock')),
  },
  capacityLowered: {
    name: 'the capacity falls to one',
    subject: 'member',
    apply: patchRoom({ capacity: 1 }),
  },
  roomEnded: {
    name: 'the room ends',
    subject: 'member',
    apply: once((scene) => requestOfRoom(scene, 'POST', '/end', {})),
  },
  roomDeleted: {
    name: 'the room is deleted',
    subject: 'member',
    apply: once((scene) => requestOfRoom(scene, 'DELETE', '')),
  },
  organizationDeleted: {
    name: 'the organization is deleted',
    subject: 'member',
    apply: once((scene) => request(scene, 'DELETE', `/organizations/${scene.host.organizationId}`)),
  },
  moved: { name: 'moved to another room', subject: 'member', apply: moveElsewhere },
  brokenOut: {
    name: 'sent to a breakout room',
    subject: 'member',
    async apply(scenes) {
      const identities = scenes.map(({ subject }) => subject.identity);
      const body = { assignment: 'manual', rooms: [{ name: 'One', identities }] };
      await requestOfRoom(scenes[0]!, 'POST', '/breakouts', body);
    },
  },
  clusterAway: {
    name: 'the media cluster does not answer',
    subject: 'member',
    apply: async ([scene]) => misbehaveCluster(scene!.app, 'status=500'),
  },
} as const satisfies Record<string, Change>;

export type ChangeName = keyof typeof CHANGES;
