import { createTestApp, type Person, type TestApp, type TestResponse } from '../support/app.ts';
import type { MemoryRoom } from '../support/memory-room.ts';
import type { MemorySocket } from '../support/memory-socket.ts';
import { createMeeting, type Meeting } from '../support/meeting.ts';
import { PairLiveRooms } from './live-rooms.ts';

/** Somebody to whom something happens: a member, an administrator, or a guest who came by a link. */
export interface Subject {
  kind: 'member' | 'administrator' | 'guest';
  identity: string;
  token: string;
  /** For people with an account. */
  person: Person | undefined;
  /** Somebody with whom they have to do, other than the host. */
  other?: Person;
}

/** A room with its host in a call. */
export interface Stage {
  app: TestApp;
  meeting: Meeting;
  live: PairLiveRooms;
  roomId: string;
  host: Person;
  /** The link that guests come by. */
  link: { id: string; code: string; version: number };
  send(
    method: string,
    path: string,
    by: { token: string } | undefined,
    body?: unknown,
  ): Promise<TestResponse>;
  room(): MemoryRoom;
}

/** A stage with the person that a pair is about. Scenes of one stage do not disturb each other. */
export interface Scene extends Stage {
  subject: Subject;
}

/** The answer, or an error that says what a preparation got instead. */
export function requireSuccess({ status, body }: TestResponse): TestResponse['body'] {
  if (status >= 300) throw new Error(`a preparation got ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** The product with live rooms; all stages share one, each with an organization of its own. */
export type World = Pick<Stage, 'app' | 'live'>;

export function createWorld(): World {
  const live = new PairLiveRooms();
  const app = createTestApp({ liveRooms: live });
  live.now = app.clock.now;
  return { app, live };
}

export async function createStage({ app, live }: World, lobby: boolean): Promise<Stage> {
  const meeting = await createMeeting({ lobby }, app);
  const { host, roomId } = meeting;
  await meeting.join({ person: host });
  const send: Stage['send'] = (method, path, by, body) =>
    app.send(method, `/api/v1${path}`, {
      ...(by ? { token: by.token } : {}),
      ...(body === undefined ? {} : { body }),
    });
  const link = requireSuccess(await send('POST', '/links', host, { roomId }));
  const room = () => live.room(roomId);
  return { app, meeting, live, roomId, host, link: { ...link, version: 1 }, send, room };
}

const ROLES = { member: 'member', administrator: 'admin' } as const;

/** Adds a person to a stage. */
export async function createScene(stage: Stage, kind: Subject['kind']): Promise<Scene> {
  const { app, host, link, send } = stage;
  if (kind !== 'guest') {
    const person = await app.person({ role: ROLES[kind], organizationId: host.organizationId });
    return { ...stage, subject: { kind, identity: person.userId, token: person.token, person } };
  }
  const joined = requireSuccess(await send('POST', `/links/${link.code}/join`, undefined, { name: 'Gus' }));
  const { identity, guestTicket: token } = joined;
  return { ...stage, subject: { kind, identity, token, person: undefined } };
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
