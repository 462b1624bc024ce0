import type { SIPGrant, VideoGrant } from 'livekit-server-sdk';
import { type Breaker, isError, retry, serverErrors } from '../../kernel/core/index.ts';
import type { Fetch } from '../../platform/observability/index.ts';
import { clusterErrors } from './clusters.errors.ts';
import type { Cluster } from './clusters.rules.ts';

/** Loads LiveKit's SDK at its first use: evaluating it takes a seventh of an isolate's start-up limit. */
export const loadSdk = () => import('livekit-server-sdk');

export const TIMEOUT_MS = 4_000;
const MAX_ATTEMPTS = 3;
const BASE_DELAY_MS = 100;
/** More than the list of the largest cluster. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
const TOKEN_SECONDS = 60;
/** LiveKit's text when no node has the room or the participant of a request. */
const NO_RESPONSE_TEXT = 'no response from servers';

/** Whether the breaker counts an error: a missing answer or a failure of the cluster, not a justified refusal. */
export const isClusterFailure = (error: unknown) => isError(error, clusterErrors.unavailable);

async function createToken(
  { apiKey, apiSecret }: Cluster,
  { grant, sipGrant }: Pick<TwirpRequest, 'grant' | 'sipGrant'>,
): Promise<string> {
  const { AccessToken } = await loadSdk();
  const token = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_SECONDS });
  token.addGrant(grant);
  if (sipGrant) token.addSIPGrant(sipGrant);
  return token.toJwt();
}

async function readJson(response: Response): Promise<unknown> {
  const contentLength = Number(response.headers.get('content-length') ?? 0);
  if (contentLength > MAX_RESPONSE_BYTES) throw new Error('the response is too large');
  return response.json();
}

/** Whether the requested object does not exist: 404, or nothing answered for it within LiveKit's three seconds. */
async function isNotFound(response: Response, { mayHaveVanished }: TwirpRequest): Promise<boolean> {
  const text = await response.text().catch(() => '');
  if (response.status === 404 || (mayHaveVanished && response.status === 408)) return true;
  return response.status === 503 && text.includes(NO_RESPONSE_TEXT);
}

export interface TwirpRequest {
  /** Default: `RoomService`. */
  service?: 'RoomService' | 'Egress' | 'Ingress' | 'SIP';
  method: string;
  body: unknown;
  grant: VideoGrant;
  sipGrant?: SIPGrant;
  /** Default 4,000. */
  timeoutMs?: number;
  /** Whether repeating the request is harmless. */
  retryable: boolean;
  /**
   * Whether a worker of the cluster, which may be gone, has to answer: then LiveKit answers 408 although the cluster
   * works.
   */
  mayHaveVanished?: boolean;
}

/** One attempt. @returns undefined when the room or participant does not exist @throws AppError `clusters.*` */
async function sendOnce(fetcher: Fetch, cluster: Cluster, request: TwirpRequest): Promise<unknown> {
  const { service = 'RoomService', method, body, timeoutMs = TIMEOUT_MS } = request;
  let response: Response;
  try {
    response = await fetcher(`${cluster.apiUrl}/twirp/livekit.${service}/${method}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${await createToken(cluster, request)}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok) return await readJson(response);
  } catch (cause) {
    throw clusterErrors.unavailable({ detail: `${method} got no answer`, cause });
  }
  if (await isNotFound(response, request)) return undefined;
  const isTransient = response.status >= 500 || response.status === 429 || response.status === 408;
  const cause = new Error(`${cluster.name}: ${method} answered ${response.status}`);
  throw (isTransient ? clusterErrors.unavailable : clusterErrors.refused)({ cause });
}

/** Creates the function that sends requests to a service of a cluster, through its breaker. */
export function createTwirpClient(cluster: Cluster, breaker: Pick<Breaker, 'run'>, fetcher: Fetch) {
  return (request: TwirpRequest): Promise<unknown> =>
    breaker.run(() =>
      retry(() => sendOnce(fetcher, cluster, request), {
        attempts: request.retryable ? MAX_ATTEMPTS : 1,
        baseDelayMs: BASE_DELAY_MS,
        isTransient: isClusterFailure,
      }),
    );
}

/** Reads an answer. @throws AppError `server.unavailable` when it cannot be read */
export function parseAnswer<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw serverErrors.unavailable({ detail: `the media cluster's ${what} cannot be read`, cause });
  }
}
