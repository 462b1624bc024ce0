import { decodeJwt } from 'jose';
import { storeSamplesExample } from '../../src/insights/quality/quality.examples.ts';
import type { TestResponse } from '../support/app.ts';
import { createFrameId, findAnswer } from '../support/room-helpers.ts';
import { signWebhook } from '../support/livekit/webhooks.ts';
import { ownerSql } from '../contract/sql.ts';
import { join, openSocket, requireSuccess, type Scene } from './scene.ts';

/** What somebody is doing when something happens. */
export interface Activity {
  /** As the head of a column. */
  name: string;
  /** Begins it. @returns what it came to, seen after something else has happened */
  begin(scene: Scene): Promise<() => Promise<string>>;
  /** It takes a room with a lobby. */
  lobby?: true;
  /** Only people with an account do this. */
  membersOnly?: true;
}

/** `200`, or the code of the error. */
const outcomeOf = ({ status, body }: TestResponse): string => (status < 400 ? 'works' : body.code);
/** Whether they are in the call's media, with a role other than participant. */
function stateInMedia({ app, subject }: Scene, callId: string): string {
  const found = app.liveKit.cluster.rooms.get(callId)?.participants.get(subject.identity);
  if (!found) return 'not in media';
  const { role } = found.attributes;
  return role === 'participant' ? 'in media' : `in media as ${role}`;
}
/** Connects with the token, as a media server would take it. */
function connectMedia({ app, subject }: Scene, { callId, token }: { callId: string; token: string }): void {
  const { attributes } = decodeJwt<{ attributes: Record<string, string> }>(token);
  app.liveKit.cluster.join(callId, subject.identity, { attributes });
}
const stateOfSocket = (socket: { closeCode: number | undefined }) =>
  socket.closeCode === undefined ? 'stays open' : `closed with ${socket.closeCode}`;

async function joinWithSocket(scene: Scene) {
  const admission = requireSuccess(await join(scene));
  const { ticket } = admission.realtime;
  const socket = await openSocket(scene, ticket);
  if (typeof socket === 'string') throw new Error(`no socket: ${socket}`);
  scene.room().send(socket, { type: 'hello', cursor: null });
  return { admission, ticket, socket };
}

export const ACTIVITIES = {
  waiting: {
    name: 'waiting in the lobby',
    lobby: true,
    async begin(scene) {
      requireSuccess(await join(scene));
      return async () => {
        const { status, body } = await join(scene);
        return status < 400 ? body.status : body.code;
      };
    },
  },
  unusedToken: {
    name: 'holding an unused media token',
    async begin(scene) {
      const admission = requireSuccess(await join(scene));
      return async () => {
        const { liveKit } = scene.app;
        connectMedia(scene, admission);
        // The media server reports them; the token was signed before.
        const { body: raw, headers } = await signWebhook(
          liveKit.cluster.events.at(-1)!,
          liveKit,
          scene.app.clock.now(),
        );
        await scene.app.send('POST', '/webhooks/livekit', { raw, headers });
        await scene.app.drain();
        return stateInMedia(scene, admission.callId);
      };
    },
  },
  media: {
    name: 'connected to media',
    async begin(scene) {
      const admission = requireSuccess(await join(scene));
      connectMedia(scene, admission);
      return async () => stateInMedia(scene, admission.callId);
    },
  },
  socketOpen: {
    name: 'socket open',
    async begin(scene) {
      const { socket } = await joinWithSocket(scene);
      return async () => stateOfSocket(socket);
    },
  },
  socketBroken: {
    name: 'socket broken',
    async begin(scene) {
      const { socket, ticket } = await joinWithSocket(scene);
      scene.room().disconnect(socket);
      return async () => {
        const again = await openSocket(scene, ticket);
        return typeof again === 'string' ? again : 'opens again';
      };
    },
  },
  otherRoom: {
    name: 'in another room',
    membersOnly: true,
    async begin(scene) {
      const made = requireSuccess(await scene.send('POST', '/rooms', scene.host, { name: 'Other' }));
      const { realtime } = requireSuccess(await join(scene, made.id));
      const socket = await openSocket(scene, realtime.ticket, made.id);
      if (typeof socket === 'string') throw new Error(`no socket: ${socket}`);
      requireSuccess(await join(scene));
      return async () => stateOfSocket(socket);
    },
  },
  ringing: {
    name: 'ringing somebody',
    membersOnly: true,
    async begin(scene) {
      requireSuccess(await join(scene));
      const { app, host, subject, roomId, send } = scene;
      const callee = await app.person({ role: 'member', organizationId: host.organizationId });
      subject.other = callee;
      const { id } = requireSuccess(await send('POST', '/rings', subject, { to: callee.userId, roomId }));
      return async () => outcomeOf(await send('POST', `/rings/${id}/accept`, callee, {}));
    },
  },
  beingRung: {
    name: 'being rung',
    membersOnly: true,
    async begin(scene) {
      requireSuccess(await join(scene));
      const { app, host, subject, roomId, send } = scene;
      const caller = await app.person({ role: 'member', organizationId: host.organizationId });
      subject.other = caller;
      const { id } = requireSuccess(await send('POST', '/rings', caller, { to: subject.identity, roomId }));
      return async () => outcomeOf(await send('POST', `/rings/${id}/accept`, subject, {}));
    },
  },
  typing: {
    name: 'typing',
    async begin(scene) {
      const { socket } = await joinWithSocket(scene);
      const type = () => {
        const id = createFrameId();
        scene.room().send(socket, { type: 'typing', id, on: true });
        return findAnswer(socket, id);
      };
      type();
      return async () => {
        if (socket.closeCode !== undefined) return 'ends with the socket';
        return type()?.type === 'ack' ? 'works' : 'refused';
      };
    },
  },
  voting: {
    name: 'voting',
    async begin(scene) {
      requireSuccess(await join(scene));
      const body = { question: 'Tea?', options: ['Yes', 'No'] };
      const poll = requireSuccess(await scene.meeting.send('POST', '/polls', scene.host, body));
      const choices = ['1'];
      return async () =>
        outcomeOf(
          await scene.send('PUT', `/rooms/${scene.roomId}/polls/${poll.id}/vote`, scene.subject, { choices }),
        );
    },
  },
  samples: {
    name: 'uploading samples',
    async begin(scene) {
      const { callId, participantId } = requireSuccess(await join(scene));
      const sentAt = new Date(scene.app.clock.now()).toISOString();
      const [sample] = storeSamplesExample.samples;
      const endedAt = new Date(scene.app.clock.now() + 1000).toISOString();
      const body = {
        ...storeSamplesExample,
        callId,
        participantId,
        sentAt,
        samples: [{ ...sample, measuredAt: endedAt }],
      };
      return async () => outcomeOf(await scene.send('POST', '/quality/samples', scene.subject, { ...body }));
    },
  },
  operation: {
    name: 'running an operation',
    membersOnly: true,
    async begin(scene) {
      requireSuccess(await join(scene));
      const { app, host, subject, send } = scene;
      const id = app.services.ids.create('operation');
      const now = new Date(app.clock.now()).toISOString();
      await ownerSql(
        `insert into operations (id, organization_id, kind, input, requested_by, permission, created_at, updated_at)
         values ($1, $2, 'audit.export', '{}', $3, 'organizations:read', $4, $4)`,
        [id, host.organizationId, subject.identity, now],
      );
      return async () => outcomeOf(await send('GET', `/operations/${id}`, subject));
    },
  },
  cursor: {
    name: 'holding a cursor',
    async begin(scene) {
      requireSuccess(await join(scene));
      const body = { question: 'Tea?', options: ['Yes', 'No'] };
      for (const _each of [1, 2])
        requireSuccess(await scene.meeting.send('POST', '/polls', scene.host, body));
      const path = `/rooms/${scene.roomId}/polls?limit=1`;
      const { nextCursor } = requireSuccess(await scene.send('GET', path, scene.subject));
      return async () => outcomeOf(await scene.send('GET', `${path}&cursor=${nextCursor}`, scene.subject));
    },
  },
} as const satisfies Record<string, Activity>;

export type ActivityName = keyof typeof ACTIVITIES;
