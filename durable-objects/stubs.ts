import { type Hashed, type PasswordHasher, settled } from '../src/identity/passwords/index.ts';
import type { Inboxes } from '../src/meetings/inbox/index.ts';
import type { LiveRooms } from '../src/meetings/realtime/index.ts';
import type { Ports } from '../src/platform/context/index.ts';
import { type Clock, errorByCode, serverErrors, sha256Hex } from '../src/platform/core/index.ts';
import { createLeasedLimiter, type LimitCounters } from '../src/platform/limits/index.ts';

// The only file that knows how live objects are named.

/** The limits of the platform, kept by one object for each owner, named by it. */
export function limitPorts(
  namespace: Env['ORG_LIMITER'],
  clock: Clock,
): Pick<Ports, 'limiter' | 'limitOverrides' | 'budgets'> {
  const objectOf = (owner: string) => namespace.getByName(owner);
  const counters: LimitCounters = { lease: (owner, request) => objectOf(owner).lease(request) };
  return {
    limiter: createLeasedLimiter(counters, clock),
    limitOverrides: {
      read: (organizationId) => objectOf(organizationId).overrides(),
      write: (organizationId, overrides) => objectOf(organizationId).setOverrides(overrides),
    },
    budgets: {
      reserve: (organizationId, budget, reservation) => objectOf(organizationId).reserve(budget, reservation),
      settle: (organizationId, id, actual) => objectOf(organizationId).settle(id, actual),
      release: (organizationId, id) => objectOf(organizationId).release(id),
      read: (organizationId, budget) => objectOf(organizationId).budget(budget),
    },
  };
}

/** How many objects share the password hashing: each computes one hash at a time. */
const PASSWORD_SHARDS = 16;

/** The same address always meets the same object, so that a storm on one account delays one sixteenth of the others. */
export function passwordHasher(namespace: Env['PASSWORD_HASHER']): PasswordHasher {
  const ask = async <T>(
    email: string,
    question: (stub: ReturnType<typeof namespace.getByName>) => Promise<Hashed<T>>,
  ): Promise<T> => {
    const shard = Number.parseInt((await sha256Hex(email)).slice(0, 4), 16) % PASSWORD_SHARDS;
    let answer: Hashed<T>;
    try {
      answer = await question(namespace.getByName(`shard-${shard}`));
    } catch (cause) {
      throw serverErrors.unavailable({ detail: 'the password check is not available', cause });
    }
    return settled(answer);
  };
  return {
    hash: (email, password) => ask(email, (stub) => stub.hash(password)),
    verify: (email, password, hash) => ask(email, (stub) => stub.verify(password, hash)),
  };
}

/** Where the platform puts an object that is first asked for from a continent. */
const NEAR: Readonly<Record<string, DurableObjectLocationHint>> = {
  AF: 'afr',
  AN: 'oc',
  AS: 'apac',
  EU: 'weur',
  NA: 'enam',
  OC: 'oc',
  SA: 'sam',
};

/** The verified ticket on its way to the object; a header holds ASCII alone. */
export const TICKET_HEADER = 'x-room-ticket';

/** The refusal that an object answered with. */
function refusalIn(answer: unknown): Error {
  const { code } = answer as { code?: string };
  return (errorByCode(code ?? '') ?? serverErrors.unavailable)();
}

/** One object for each room, named by it, made near whoever asks first. */
export function liveRooms(namespace: Env['ROOM']): LiveRooms {
  const ask = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (cause) {
      throw serverErrors.unavailable({ detail: 'the live room is not available', cause });
    }
  };
  return {
    async connect(request, ticket, continent) {
      const locationHint = continent === null ? undefined : NEAR[continent];
      const object = namespace.getByName(ticket.roomId, locationHint ? { locationHint } : {});
      const headers = new Headers(request.headers);
      headers.set(TICKET_HEADER, encodeURIComponent(JSON.stringify(ticket)));
      const response = await ask(object.fetch(new Request(request.url, { headers })));
      if (response.status === 101) return response;
      throw refusalIn(await ask(response.json()));
    },
    apply: (roomId, commands) => ask(namespace.getByName(roomId).apply([...commands])),
    roster: (roomId) => ask(namespace.getByName(roomId).roster()),
    forget: (roomId) => ask(namespace.getByName(roomId).forget()),
  };
}

/** The inbox ticket's claims on their way to the object; a header holds ASCII alone. */
export const INBOX_CLAIMS_HEADER = 'x-inbox-claims';

/** One object for each person in an organization, named by both. */
export function inboxes(namespace: Env['USER_INBOX']): Inboxes {
  const objectOf = (organizationId: string, userId: string) =>
    namespace.getByName(`${organizationId}:${userId}`);
  const ask = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (cause) {
      throw serverErrors.unavailable({ detail: 'the inbox is not available', cause });
    }
  };
  const whoSaysYes = async (userIds: readonly string[], question: (userId: string) => Promise<boolean>) => {
    const answers = await Promise.all(userIds.map((userId) => ask(question(userId))));
    return new Set(userIds.filter((_userId, index) => answers[index]));
  };
  return {
    connect(request, claims) {
      const headers = new Headers(request.headers);
      headers.set(INBOX_CLAIMS_HEADER, encodeURIComponent(JSON.stringify(claims)));
      return ask(objectOf(claims.organizationId, claims.userId).fetch(new Request(request.url, { headers })));
    },
    push: (organizationId, userId, events) =>
      ask(objectOf(organizationId, userId).push({ organizationId, userId }, [...events])),
    connected: (organizationId, userIds) =>
      whoSaysYes(userIds, (userId) => objectOf(organizationId, userId).connected()),
    announce: (organizationId, userId) =>
      ask(objectOf(organizationId, userId).announce({ organizationId, userId })),
    watch: (organizationId, userIds, watcherId) =>
      whoSaysYes(userIds, (userId) =>
        objectOf(organizationId, userId).watch({ organizationId, userId }, watcherId),
      ),
    show: (organizationId, watcherId, presence) => ask(objectOf(organizationId, watcherId).show(presence)),
    forget: (organizationId, userId) => ask(objectOf(organizationId, userId).forget()),
  };
}
