import { ownerSql } from '../contract/sql.ts';
import { misbehaveCluster } from '../support/meeting.ts';
import { requireSuccess, type Scene, type Subject } from './scene.ts';

/** What can happen to somebody. */
export interface Change {
  /** As the head of a row. */
  name: string;
  /** To whom: a guest where a link matters. */
  subject: Subject['kind'];
  apply(scene: Scene): Promise<void>;
}

async function participantIdOf({ subject, roomId }: Scene): Promise<string> {
  const [row] = await ownerSql<{ id: string }>(
    `select p.id from call_participants p join calls c on c.id = p.call_id
     where c.room_id = $1 and p.identity = $2 order by p.id desc limit 1`,
    [roomId, subject.identity],
  );
  return row?.id ?? '';
}

const memberIdOf = async ({ subject, host }: Scene): Promise<string> =>
  (
    await ownerSql<{ id: string }>('select id from members where user_id = $1 and organization_id = $2', [
      subject.identity,
      host.organizationId,
    ])
  )[0]!.id;

const patchRoom = (settings: object) => async (scene: Scene) =>
  void requireSuccess(await scene.meeting.send('PATCH', '', scene.host, settings));
const patchMember = (changes: object) => async (scene: Scene) => {
  const path = `/organizations/${scene.host.organizationId}/members/${await memberIdOf(scene)}`;
  requireSuccess(await scene.send('PATCH', path, scene.host, changes));
};
const patchLink = (changes: object) => async (scene: Scene) =>
  void requireSuccess(await scene.send('PATCH', `/links/${scene.link.id}`, scene.host, changes));

export const CHANGES = {
  signedOut: {
    name: 'signed out',
    subject: 'member',
    apply: async ({ send, subject }) => void requireSuccess(await send('POST', '/auth/logout', subject)),
  },
  removed: {
    name: 'removed from the room',
    subject: 'member',
    apply: async (scene) =>
      void requireSuccess(
        await scene.meeting.send('DELETE', `/participants/${await participantIdOf(scene)}`, scene.host),
      ),
  },
  demoted: {
    name: 'given the role viewer in the room',
    subject: 'member',
    apply: async (scene) =>
      void requireSuccess(
        await scene.meeting.send('PATCH', `/participants/${await participantIdOf(scene)}`, scene.host, {
          role: 'viewer',
        }),
      ),
  },
  suspended: {
    name: 'suspended in the organization',
    subject: 'member',
    apply: patchMember({ status: 'suspended' }),
  },
  blocked: {
    name: 'blocked by another member',
    subject: 'member',
    apply: async ({ send, host, subject }) =>
      void requireSuccess(await send('POST', '/contacts', host, { userId: subject.identity, blocked: true })),
  },
  linkRevoked: {
    name: 'their link is switched off',
    subject: 'guest',
    apply: patchLink({ isActive: false }),
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
    apply: async ({ meeting, host }) => void requireSuccess(await meeting.send('POST', '/lock', host)),
  },
  capacityLowered: {
    name: 'the capacity falls to one',
    subject: 'member',
    apply: patchRoom({ capacity: 1 }),
  },
  roomEnded: {
    name: 'the room ends',
    subject: 'member',
    apply: async ({ meeting, host }) => void requireSuccess(await meeting.send('POST', '/end', host, {})),
  },
  roomDeleted: {
    name: 'the room is deleted',
    subject: 'member',
    apply: async ({ meeting, host }) => void requireSuccess(await meeting.send('DELETE', '', host)),
  },
  organizationDeleted: {
    name: 'the organization is deleted',
    subject: 'member',
    apply: async ({ send, host }) =>
      void requireSuccess(await send('DELETE', `/organizations/${host.organizationId}`, host)),
  },
  moved: {
    name: 'moved to another room',
    subject: 'member',
    async apply(scene) {
      const { id } = requireSuccess(await scene.send('POST', '/rooms', scene.host, { name: 'There' }));
      const path = `/participants/${await participantIdOf(scene)}/move`;
      requireSuccess(await scene.meeting.send('POST', path, scene.host, { toRoomId: id }));
    },
  },
  brokenOut: {
    name: 'sent to a breakout room',
    subject: 'member',
    async apply({ meeting, host, subject }) {
      const body = { assignment: 'manual', rooms: [{ name: 'One', identities: [subject.identity] }] };
      requireSuccess(await meeting.send('POST', '/breakouts', host, body));
    },
  },
  clusterAway: {
    name: 'the media cluster does not answer',
    subject: 'member',
    apply: async ({ app }) => void misbehaveCluster(app, 'status=500'),
  },
} as const satisfies Record<string, Change>;

export type ChangeName = keyof typeof CHANGES;
