import {
  type HashingResult,
  type PasswordHasher,
  unwrapHashingResult,
} from '../src/identity/passwords/index.ts';
import type { InboxClaims, Inboxes } from '../src/people/inbox/index.ts';
import type { FileCompressors } from '../src/media/file-compressions/index.ts';
import type { Uploads } from '../src/media/uploads/index.ts';
import type { LiveRooms, RoomTicket } from '../src/realtime/protocol/index.ts';
import type { Ports } from '../src/kernel/context/index.ts';
import { type Clock, errorByCode, serverErrors, sha256Hex } from '../src/kernel/core/index.ts';
import { createLeasedLimiter, type LimitCounters } from '../src/platform/limits/index.ts';
import { createHandover } from './handover.ts';
import { reach } from './reach.ts';

// The only file that knows how objects are named.

/** The limits and budgets of the platform: one object for each owner. */
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

/** Objects that share the password hashing: each computes one hash at a time. */
const PASSWORD_SHARDS = 16;

/** An address always goes to the same object, so an attack on one account delays a sixteenth of the others at most. */
export function createPasswordHasher(namespace: Env['PASSWORD_HASHER']): PasswordHasher {
  const callHasher = async <T>(
    email: string,
    request: (stub: ReturnType<typeof namespace.getByName>) => Promise<HashingResult<T>>,
  ): Promise<T> => {
    const shard = Number.parseInt((await sha256Hex(email)).slice(0, 4), 16) % PASSWORD_SHARDS;
    const stub = namespace.getByName(`shard-${shard}`);
    return unwrapHashingResult(await reach('the password check', request(stub)));
  };
  return {
    hash: (email, password, requester) => callHasher(email, (stub) => stub.hash(password, requester)),
    verify: (email, password, hash, requester) =>
      callHasher(email, (stub) => stub.verify(password, hash, requester)),
  };
}

/** Where the platform creates an object that is first used from a continent. */
const LOCATION_HINTS: Readonly<Record<string, DurableObjectLocationHint>> = {
  AF: 'afr',
  AN: 'oc',
  AS: 'apac',
  EU: 'weur',
  NA: 'enam',
  OC: 'oc',
  SA: 'sam',
};

/** Passes the verified ticket of a socket to its room. */
export const roomTicketHandover = createHandover<RoomTicket>('x-room-ticket');

/** The refusal in an object's answer. */
export function readRefusal(answer: unknown): Error {
  const { code } = answer as { code?: string };
  return (errorByCode(code ?? '') ?? serverErrors.unavailable)();
}

/** One object for each room, created near its first caller. */
export function createLiveRooms(namespace: Env['ROOM']): LiveRooms {
  const callRoom = <T>(answer: Promise<T>) => reach('the live room', answer);
  return {
    async connect(request, ticket, continent) {
      const locationHint = continent === null ? undefined : LOCATION_HINTS[continent];
      const stub = namespace.getByName(ticket.roomId, locationHint ? { locationHint } : {});
      const response = await callRoom(stub.fetch(roomTicketHandover.attach(request, ticket)));
      if (response.status === 101) return response;
      throw readRefusal(await callRoom(response.json()));
    },
    apply: (roomId, commands) => callRoom(namespace.getByName(roomId).apply([...commands])),
    roster: (roomId) => callRoom(namespace.getByName(roomId).roster()),
    forget: (roomId) => callRoom(namespace.getByName(roomId).forget()),
  };
}

/** Passes the verified claims of a socket to its inbox. */
export const inboxClaimsHandover = createHandover<InboxClaims>('x-inbox-claims');

/** One object for each person in an organization. */
export function createInboxes(namespace: Env['USER_INBOX']): Inboxes {
  const getStub = (organizationId: string, userId: string) =>
    namespace.getByName(`${organizationId}:${userId}`);
  const callInbox = <T>(answer: Promise<T>) => reach('the inbox', answer);
  const filterUserIds = async (userIds: readonly string[], request: (userId: string) => Promise<boolean>) => {
    const answers = await Promise.all(userIds.map((userId) => callInbox(request(userId))));
    return new Set(userIds.filter((_userId, index) => answers[index]));
  };
  return {
    async connect(request, claims) {
      const stub = getStub(claims.organizationId, claims.userId);
      const response = await callInbox(stub.fetch(inboxClaimsHandover.attach(request, claims)));
      if (response.status === 101) return response;
      throw readRefusal(await callInbox(response.json()));
    },
    push: (organizationId, userId, events) =>
      callInbox(getStub(organizationId, userId).push({ organizationId, userId }, [...events])),
    connected: (organizationId, userIds) =>
      filterUserIds(userIds, (userId) => getStub(organizationId, userId).connected()),
    publishPresence: (organizationId, userId) =>
      callInbox(getStub(organizationId, userId).publishPresence({ organizationId, userId })),
    watch: (organizationId, userIds, watcherId) =>
      filterUserIds(userIds, (userId) =>
        getStub(organizationId, userId).watch({ organizationId, userId }, watcherId),
      ),
    showPresence: (organizationId, watcherId, presence) =>
      callInbox(getStub(organizationId, watcherId).showPresence(presence)),
    recheck: (organizationId, userId) => callInbox(getStub(organizationId, userId).recheck()),
    forget: (organizationId, userId) => callInbox(getStub(organizationId, userId).forget()),
  };
}

/** One object for each resumable upload. */
export function createUploads(namespace: Env['FILE_UPLOAD']): Uploads {
  const callUpload = <T>(answer: Promise<T>) => reach('the upload', answer);
  return {
    append: (fileId, plan, offset, body) =>
      callUpload(namespace.getByName(fileId).append(plan, offset, body)),
    state: (fileId, plan) => callUpload(namespace.getByName(fileId).state(plan)),
    end: (fileId) => callUpload(namespace.getByName(fileId).end()),
  };
}

/** One object for each compression of a file. */
export const createFileCompressors = (namespace: Env['FILE_COMPRESSOR']): FileCompressors => ({
  wake: (compression) =>
    reach('the compression', namespace.getByName(compression.compressionId).wake(compression)),
});

/** The instances of the compression service in containers. */
export const createContainerInstances = (namespace: Env['COMPRESSION_CONTAINER']) => {
  const getStub = (instance: number) => namespace.getByName(`instance-${instance}`);
  return {
    fetch: (instance: number, request: Request): Promise<Response> => getStub(instance).fetch(request),
    isHealthy: (instance: number): Promise<boolean> => getStub(instance).isHealthy(),
  };
};
