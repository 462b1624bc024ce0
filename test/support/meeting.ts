import { expect } from 'vitest';
import type { LiveCommand } from '../../src/realtime/protocol/index.ts';
import { createTestApp, type Person, type TestApp, type TestResponse } from './app.ts';

/** A person in a room's call, with their seat and their credential. */
export interface Attendee {
  identity: string;
  participantId: string;
  callId: string;
  token: string;
  /** The ticket for their socket. */
  ticket: string;
}

export interface Meeting {
  app: TestApp;
  host: Person;
  roomId: string;
  /** Sends a request to a path below the room, such as `/participants`. */
  send(method: string, path: string, by: { token: string }, body?: unknown): Promise<TestResponse>;
  /** A member of the organization joins, and connects to media unless `connected` is false. */
  join(options?: JoinOptions): Promise<Attendee>;
  /** A guest joins through a link with the role. */
  guest(options?: { role?: string; link?: Record<string, unknown>; connect?: boolean }): Promise<Attendee>;
  /** The cluster's own list, by identity. */
  mediaParticipants(
    callId: string,
  ): Map<string, { role: string | undefined; tracks: { sid: string; muted: boolean }[] }>;
  /** The commands of one type that the room's live object received. */
  commandsOf<T extends LiveCommand['type']>(type: T, roomId?: string): Extract<LiveCommand, { type: T }>[];
}

interface JoinOptions {
  person?: Person;
  /** Their role in the room, set before they join. */
  role?: string;
  connect?: boolean;
}

/**
 * Makes the cluster misbehave for every request of the app, or for those of the methods; see `behaviour.ts`.
 * @returns a function that ends it
 */
export function misbehaveCluster(
  { liveKit }: TestApp,
  behaviour: string,
  methods?: readonly string[],
): () => void {
  const { fetch } = liveKit;
  Object.assign(liveKit, {
    fetch: (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      if (!methods || methods.some((method) => request.url.endsWith(`/${method}`)))
        request.headers.set('x-behave', behaviour);
      return fetch(request);
    },
  });
  return () => void Object.assign(liveKit, { fetch });
}

/** A room with a host in it, over the product and a simulated cluster. */
export async function createMeeting(
  settings: Record<string, unknown> = {},
  app: TestApp = createTestApp(),
): Promise<Meeting> {
  const host = await app.person();
  const made = await app.send('POST', '/api/v1/rooms', {
    token: host.token,
    body: { name: 'Meeting', ...settings },
  });
  expect(made).toMatchObject({ status: 201 });
  const roomId = made.body.id as string;
  const path = `/api/v1/rooms/${roomId}`;

  const toAttendee = (answer: TestResponse, token: string, connect: boolean): Attendee => {
    expect(answer).toMatchObject({ status: 200, body: { status: 'admitted' } });
    const { identity, participantId, callId, role, realtime } = answer.body;
    if (connect) app.liveKit.cluster.join(callId, identity, { name: identity, attributes: { role } });
    return { identity, participantId, callId, token, ticket: realtime.ticket };
  };

  const meeting: Meeting = {
    app,
    host,
    roomId,
    send: (method, pathInRoom, { token }, body) =>
      app.send(method, `${path}${pathInRoom}`, { token, ...(body === undefined ? {} : { body }) }),
    async join({ person, role, connect = true } = {}) {
      const { organizationId } = host;
      const attendingPerson = person ?? (await app.person({ role: 'member', organizationId }));
      const seat = await app.send('POST', `${path}/token`, { token: attendingPerson.token, body: {} });
      const attendee = toAttendee(seat, attendingPerson.token, connect);
      if (role) {
        const given = await meeting.send('PATCH', `/participants/${attendee.participantId}`, host, { role });
        expect(given).toMatchObject({ status: 200 });
      }
      return attendee;
    },
    async guest({ role = 'participant', link = {}, connect = true } = {}) {
      const made = await app.send('POST', '/api/v1/links', {
        token: host.token,
        body: { roomId, defaultRole: role, ...link },
      });
      expect(made).toMatchObject({ status: 201 });
      const joined = await app.send('POST', `/api/v1/links/${made.body.code}/join`, {
        body: { name: 'Guest' },
      });
      return toAttendee(joined, joined.body.guestTicket, connect);
    },
    mediaParticipants(callId) {
      const room = app.liveKit.cluster.rooms.get(callId);
      return new Map(
        [...(room?.participants.values() ?? [])].map(({ identity, attributes, tracks }) => [
          identity,
          { role: attributes.role, tracks: tracks.map(({ sid, muted }) => ({ sid, muted })) },
        ]),
      );
    },
    commandsOf(type, targetRoomId = roomId) {
      return app.liveRooms.appliedCommands
        .filter(
          ({ roomId: commandRoomId, command }) => commandRoomId === targetRoomId && command.type === type,
        )
        .map(({ command }) => command as never);
    },
  };
  return meeting;
}
