import { createTestApp, type Person, type TestApp, type TestResponse } from '../support/app.ts';
import type { MemoryRoom } from '../support/memory-room.ts';
import type { MemorySocket } from '../support/memory-socket.ts';
import { createMeeting, type Meeting } from '../support/meeting.ts';
import { PairLiveRooms } from './live-rooms.ts';

/** Somebody to whom something happens: a member, or a guest who came by a link. */
export interface Subject {
  kind: 'member' | 'guest';
  identity: string;
  token: string;
  /** For members. */
  person: Person | undefined;
}

/** A room with its host in a call, and the person that a pair is about. */
export interface Scene {
  app: TestApp;
  meeting: Meeting;
  live: PairLiveRooms;
  roomId: string;
  host: Person;
  subject: Subject;
  /** The link that the subject came by, for guests. */
  link: { id: string; code: string; version: number };
  send(
    method: string,
    path: string,
    by: { token: string } | undefined,
    body?: unknown,
  ): Promise<TestResponse>;
  room(): MemoryRoom;
}

/** The answer, or an error that says what a preparation got instead. */
export function requireSuccess({ status, body }: TestResponse): TestResponse['body'] {
  if (status >= 300) throw new Error(`a preparation got ${status}: ${JSON.stringify(body)}`);
  return body;
}

export async function createScene(kind: Subject['kind'], lobby: boolean): Promise<Scene> {
  const live = new PairLiveRooms();
  const app = createTestApp({ liveRooms: live });
  live.now = app.clock.now;
  const meeting = await createMeeting({ lobby }, app);
  const { host, roomId } = meeting;
  await meeting.join({ person: host });
  const send: Scene['send'] = (method, path, by, body) =>
    app.send(method, `/api/v1${path}`, {
      ...(by ? { token: by.token } : {}),
      ...(body === undefined ? {} : { body }),
    });
  const link = requireSuccess(await send('POST', '/links', host, { roomId }));
  const scene: Omit<Scene, 'subject'> = {
    app,
    meeting,
    live,
    roomId,
    host,
    link: { ...link, version: 1 },
    send,
    room: () => live.room(roomId),
  };
  return { ...scene, subject: await createSubject(scene, kind) };
}

async function createSubject(
  { app, host, link, send }: Omit<Scene, 'subject'>,
  kind: Subject['kind'],
): Promise<Subject> {
  if (kind === 'member') {
    const person = await app.person({ role: 'member', organizationId: host.organizationId });
    return { kind, identity: person.userId, token: person.token, person };
  }
  const joined = requireSuccess(await send('POST', `/links/${link.code}/join`, undefined, { name: 'Gus' }));
  return { kind, identity: joined.identity ?? 'gst_waiting', token: joined.guestTicket, person: undefined };
}

/** Joins a room with the subject's credential. */
export const join = ({ send, subject, roomId }: Scene, intoRoom = roomId): Promise<TestResponse> =>
  send('POST', `/rooms/${intoRoom}/token`, subject, {});

/** Opens a socket by the ticket that joining gave. @returns the socket, or the code of the refusal */
export async function openSocket(
  scene: Scene,
  ticket: string,
  roomId = scene.roomId,
): Promise<MemorySocket | string> {
  scene.live.lastSocket = undefined;
  const answer = await scene.app.send('GET', `/api/v1/rooms/${roomId}/socket`, {
    headers: { upgrade: 'websocket', 'sec-websocket-protocol': `auralink.v1, ticket.${ticket}` },
  });
  return scene.live.lastSocket ?? (answer.body.code as string);
}
