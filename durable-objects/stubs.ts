import {
  type HashingResult,
  type PasswordHasher,
  unwrapHashingResult,
} from '../src/identity/passwords/index.ts';
import type { Inboxes } from '../src/people/inbox/index.ts';
import type { LiveRooms } from '../src/realtime/protocol/index.ts';
import type { Ports } from '../src/kernel/context/index.ts';
import { type Clock, errorByCode, serverErrors, sha256Hex } from '../src/kernel/core/index.ts';
import { createLeasedLimiter, type LimitCounters } from '../src/platform/limits/index.ts';

// The only file that knows how live objects are named.

/** The limits of the platform, kept by one object for each owner, named by it. */
export function createLimitPorts(
  namespace: Env['ORG_LIMITER'],
  clock: Clock,
): Pick<Ports, 'limiter' | 'limitOverrides' | 'budgets'> {
  const getStub = (owner: string) => namespace.getByName(owner);
  const counters: LimitCounters = { lease: (owner, request) => getStub(owner).lease(request) };
  return {
    limiter: createLeasedLimiter(counters, clock),
    limitOverrides: {
      read: (organizationId) => getStub(organizationId).overrides(),
      write: (organizationId, overrides) => getStub(organizationId).setOverrides(overrides),
    },
    budgets: {
      reserve: (organizationId, budget, reservation) => getStub(organizationId).reserve(budget, reservation),
      settle: (organizationId, id, actual) => getStub(organizationId).settle(id, actual),
      release: (organizationId, id) => getStub(organizationId).release(id),
      read: (organizationId, budget) => getStub(organizationId).budget(budget),
    },
  };
}

/** How many objects share the password hashing: each computes one hash at a time. */
const PASSWORD_SHARDS = 16;

/** The same address always meets the same object, so that a storm on one account delays one sixteenth of the others. */
export function createPasswordHasher(namespace: Env['PASSWORD_HASHER']): PasswordHasher {
  const callHasher = async <T>(
    email: string,
    request: (stub: ReturnType<typeof namespace.getByName>) => Promise<HashingResult<T>>,
  ): Promise<T> => {
    const shard = Number.parseInt((await sha256Hex(email)).slice(0, 4), 16) % PASSWORD_SHARDS;
    let answer: HashingResult<T>;
    try {
      answer = await request(namespace.getByName(`shard-${shard}`));
    } catch (cause) {
      throw serverErrors.unavailable({ detail: 'the password check is not available', cause });
    }
    return unwrapHashingResult(answer);
  };
  return {
    hash: (email, password) => callHasher(email, (stub) => stub.hash(password)),
    verify: (email, password, hash) => callHasher(email, (stub) => stub.verify(password, hash)),
  };
}

/** Where the platform puts an object that is first asked for from a continent. */
const LOCATION_HINTS: Readonly<Record<string, DurableObjectLocationHint>> = {
  AF: 'afr',
  AN: 'oc',
  AS: 'apac',
  EU: 'weur',
  NA: 'enam',
  OC: 'oc',
  SA: 'sam',
};

/** The verified ticket on its way to the object; a header holds ASCII alone. */
export const ROOM_TICKET_HEADER = 'x-room-ticket';

/** The refusal that an object answered with. */
function readRefusal(answer: unknown): Error {
  const { code } = answer as { code?: string };
  return (errorByCode(code ?? '') ?? serverErrors.unavailable)();
}

/** One object for each room, named by it, made near whoever asks first. */
export function createLiveRooms(namespace: Env['ROOM']): LiveRooms {
  const callRoom = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (cause) {
      throw serverErrors.unavailable({ detail: 'the live room is not available', cause });
    }
  };
  return {
    async connect(request, ticket, continent) {
      const locationHint = continent === null ? undefined : LOCATION_HINTS[continent];
      const stub = namespace.getByName(ticket.roomId, locationHint ? { locationHint } : {});
      const headers = new Headers(request.headers);
      headers.set(ROOM_TICKET_HEADER, encodeURIComponent(JSON.stringify(ticket)));
      const response = await callRoom(stub.fetch(new Request(request.url, { headers })));
      if (response.status === 101) return response;
      throw readRefusal(await callRoom(response.json()));
    },
    apply: (roomId, commands) => callRoom(namespace.getByName(roomId).apply([...commands])),
    roster: (roomId) => callRoom(namespace.getByName(roomId).roster()),
    forget: (roomId) => callRoom(namespace.getByName(roomId).forget()),
  };
}

/** The inbox ticket's claims on their way to the object; a header holds ASCII alone. */
export const INBOX_CLAIMS_HEADER = 'x-inbox-claims';

/** One object for each person in an organization, named by both. */
export function createInboxes(namespace: Env['USER_INBOX']): Inboxes {
  const getStub = (organizationId: string, userId: string) =>
    namespace.getByName(`${organizationId}:${userId}`);
  const callInbox = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (cause) {
      throw serverErrors.unavailable({ detail: 'the inbox is not available', cause });
    }
  };
  const filterUserIds = async (userIds: readonly string[], request: (userId: string) => Promise<boolean>) => {
    const answers = await Promise.all(userIds.map((userId) => callInbox(request(userId))));
    return new Set(userIds.filter((_userId, index) => answers[index]));
  };
  return {
    connect(request, claims) {
      const headers = new Headers(request.headers);
      headers.set(INBOX_CLAIMS_HEADER, encodeURIComponent(JSON.stringify(claims)));
      return callInbox(
        getStub(claims.organizationId, claims.userId).fetch(new Request(request.url, { headers })),
      );
    },
    push: (organizationId, userId, events) =>
      callInbox(getStub(organizationId, userId).push({ organizationId, userId }, [...events])),
    connected: (organizationId, userIds) =>
      filterUserIds(userIds, (userId) => getStub(organizationId, userId).connected()),
    publishPresence: (organizationId, userId) =>
      callInbox(getStub(organizationId, userId).announce({ organizationId, userId })),
    watch: (organizationId, userIds, watcherId) =>
      filterUserIds(userIds, (userId) =>
        getStub(organizationId, userId).watch({ organizationId, userId }, watcherId),
      ),
    showPresence: (organizationId, watcherId, presence) =>
      callInbox(getStub(organizationId, watcherId).show(presence)),
    forget: (organizationId, userId) => callInbox(getStub(organizationId, userId).forget()),
  };
}
