import { Refusal } from './refusal.ts';

/** What joining by a link answers. */
interface Place {
  roomId: string;
  identity: string;
  /** Where the room's socket is, and what opens it. */
  realtime: { url: string; ticket: string };
  guestTicket?: string;
}
export interface Admission extends Place {
  status: 'admitted';
  token: string;
  url: string;
  callId: string;
  role: string;
}
export interface Waiting extends Place {
  status: 'waiting';
  lobbyEntryId: string;
}

export interface Visit {
  title: string | null;
  description: string | null;
  role: string;
  requiresApproval: boolean;
  room: { id: string; name: string; type: string };
  features: { screenShare: boolean; chat: boolean; captions: boolean };
}

const TRIES = 3;
/** Longer than that, for an answer or until the next try, a person is told to come back. */
const LONGEST_WAIT_SECONDS = 15;
/** What passes by itself: many people join at once, or a part is not there for a moment. */
const PASSING = new Set(['request.rate_limited', 'request.stale', 'server.unavailable', 'network']);

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function once(method: string, path: string, body: unknown, token?: string): Promise<unknown> {
  const unheard = () => new Refusal('network', 0, 1);
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: 'omit',
    cache: 'no-store',
    // A network that went away without a word never answers.
    signal: AbortSignal.timeout(LONGEST_WAIT_SECONDS * 1000),
  }).catch(() => Promise.reject(unheard()));
  const { ok, status, headers } = answer;
  if (status === 204) return undefined;
  const content = (await answer.json().catch(() => {
    if (ok) throw unheard();
    return {}; // a proxy's own page: its status says enough
  })) as { code?: string };
  if (ok) return content;
  const wait = Number(headers.get('Retry-After') ?? Number.NaN);
  throw new Refusal(content.code ?? `status_${status}`, status, Number.isNaN(wait) ? null : wait);
}

/** Calls the API; what passes by itself is tried again. @throws Refusal */
async function call(method: string, path: string, body?: unknown, token?: string): Promise<unknown> {
  for (let attempt = 1; ; attempt++)
    try {
      return await once(method, path, body, token);
    } catch (error) {
      if (!(error instanceof Refusal) || attempt === TRIES || !PASSING.has(error.code)) throw error;
      const wait = (error.retryAfterSeconds ?? 1) + Math.random();
      if (wait > LONGEST_WAIT_SECONDS) throw error;
      await sleep(wait);
    }
}

const link = (code: string) => encodeURIComponent(code);

export const validate = async (code: string, password: string | undefined): Promise<Visit> =>
  (await call('POST', `/links/validate/${link(code)}`, { password })) as Visit;

export const join = async (
  code: string,
  body: { name: string; password: string | undefined; visitorKey: string },
): Promise<Admission | Waiting> =>
  (await call('POST', `/links/${link(code)}/join`, body)) as Admission | Waiting;

/** For who has been here before. */
export const comeBack = async (
  roomId: string,
  guestTicket: string,
  name: string,
): Promise<Admission | Waiting> => {
  const answer = await call('POST', `/rooms/${roomId}/token`, { name }, guestTicket);
  return { ...(answer as Admission | Waiting), roomId };
};

/** For who was moved to another room: its socket's ticket opens the room as well. */
export const enterRoom = async (roomId: string, ticket: string): Promise<Admission> => ({
  ...((await call('POST', `/rooms/${roomId}/enter`, { ticket })) as Admission),
  roomId,
});

export const readRoom = async (roomId: string, guestTicket: string): Promise<Visit['room']> =>
  (await call('GET', `/rooms/${roomId}`, undefined, guestTicket)) as Visit['room'];

export const leaveLobby = (roomId: string, entryId: string, guestTicket: string): Promise<unknown> =>
  call('DELETE', `/rooms/${roomId}/lobby/${entryId}`, undefined, guestTicket);
