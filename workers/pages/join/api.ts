import { ApiError } from './api-error.ts';

/** What joining by a link answers. */
interface JoinResponse {
  roomId: string;
  identity: string;
  /** Where the room's socket is, and what opens it. */
  realtime: { url: string; ticket: string };
  guestTicket?: string;
}
export interface Admission extends JoinResponse {
  status: 'admitted';
  token: string;
  url: string;
  callId: string;
  role: string;
}
export interface LobbyWait extends JoinResponse {
  status: 'waiting';
  lobbyEntryId: string;
}

export interface LinkDetails {
  title: string | null;
  description: string | null;
  role: string;
  requiresApproval: boolean;
  room: { id: string; name: string; type: string };
  features: { screenShare: boolean; chat: boolean; captions: boolean };
}

const MAX_ATTEMPTS = 3;
/** Longer than that, for an answer or until the next try, a person is told to come back. */
const MAX_WAIT_SECONDS = 15;
/** What passes by itself: many people join at once, or a part is not there for a moment. */
const TEMPORARY_ERROR_CODES = new Set([
  'request.rate_limited',
  'request.stale',
  'server.unavailable',
  'network',
]);

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function sendRequest(method: string, path: string, body: unknown, token?: string): Promise<unknown> {
  const createNetworkError = () => new ApiError('network', 0, 1);
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
    signal: AbortSignal.timeout(MAX_WAIT_SECONDS * 1000),
  }).catch(() => Promise.reject(createNetworkError()));
  const { ok, status, headers } = answer;
  if (status === 204) return undefined;
  const content = (await answer.json().catch(() => {
    if (ok) throw createNetworkError();
    return {}; // a proxy's own page: its status says enough
  })) as { code?: string };
  if (ok) return content;
  const wait = Number(headers.get('Retry-After') ?? Number.NaN);
  throw new ApiError(content.code ?? `status_${status}`, status, Number.isNaN(wait) ? null : wait);
}

/** Calls the API; what passes by itself is tried again. @throws Refusal */
async function callApi(method: string, path: string, body?: unknown, token?: string): Promise<unknown> {
  for (let attempt = 1; ; attempt++)
    try {
      return await sendRequest(method, path, body, token);
    } catch (error) {
      if (!(error instanceof ApiError) || attempt === MAX_ATTEMPTS || !TEMPORARY_ERROR_CODES.has(error.code))
        throw error;
      const wait = (error.retryAfterSeconds ?? 1) + Math.random();
      if (wait > MAX_WAIT_SECONDS) throw error;
      await sleep(wait);
    }
}

const encodeCode = (code: string) => encodeURIComponent(code);

export const validateLink = async (code: string, password: string | undefined): Promise<LinkDetails> =>
  (await callApi('POST', `/links/validate/${encodeCode(code)}`, { password })) as LinkDetails;

export const joinByLink = async (
  code: string,
  body: { name: string; password: string | undefined; visitorKey: string },
): Promise<Admission | LobbyWait> =>
  (await callApi('POST', `/links/${encodeCode(code)}/join`, body)) as Admission | LobbyWait;

/** For who has been here before. */
export const rejoin = async (
  roomId: string,
  guestTicket: string,
  name: string,
): Promise<Admission | LobbyWait> => {
  const answer = await callApi('POST', `/rooms/${roomId}/token`, { name }, guestTicket);
  return { ...(answer as Admission | LobbyWait), roomId };
};

/** For who was moved to another room: its socket's ticket opens the room as well. */
export const enterRoom = async (roomId: string, ticket: string): Promise<Admission> => ({
  ...((await callApi('POST', `/rooms/${roomId}/enter`, { ticket })) as Admission),
  roomId,
});

export const readRoom = async (roomId: string, guestTicket: string): Promise<LinkDetails['room']> =>
  (await callApi('GET', `/rooms/${roomId}`, undefined, guestTicket)) as LinkDetails['room'];

export const leaveLobby = (roomId: string, entryId: string, guestTicket: string): Promise<unknown> =>
  callApi('DELETE', `/rooms/${roomId}/lobby/${entryId}`, undefined, guestTicket);
