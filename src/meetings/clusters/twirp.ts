import type { VideoGrant } from 'livekit-server-sdk';
import { AppError, type Breaker, retry, serverErrors } from '../../platform/core/index.ts';
import type { Fetch } from '../../platform/observability/index.ts';
import { clusterErrors } from './clusters.errors.ts';
import type { Cluster } from './clusters.rules.ts';
import { loadSdk } from './sdk.ts';

export const TIME_LIMIT_MS = 4_000;
const ATTEMPTS = 3;
const BASE_DELAY_MS = 100;
/** More than the largest cluster lists at once. */
const LONGEST_ANSWER_BYTES = 16 * 1024 * 1024;
const TOKEN_SECONDS = 60;
/** The words of LiveKit when no node holds the room or the participant that a request is about. */
const NOBODY_ANSWERED = 'no response from servers';

const isUnavailable = (error: unknown) =>
  error instanceof AppError && error.code === clusterErrors.unavailable.definition.code;

/** What counts against a cluster: silence and failures of its own, never a refusal it is right to give. */
export const isClusterFailure = isUnavailable;

async function tokenFor({ apiKey, apiSecret }: Cluster, grant: VideoGrant): Promise<string> {
  const { AccessToken } = await loadSdk();
  const token = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_SECONDS });
  token.addGrant(grant);
  return token.toJwt();
}

async function readJson(response: Response): Promise<unknown> {
  const declared = Number(response.headers.get('content-length') ?? 0);
  if (declared > LONGEST_ANSWER_BYTES) throw new Error('the answer is too long');
  return response.json();
}

/** What it names is not there: 404, or nobody answered for it, which LiveKit finds out within three seconds. */
async function isGone(response: Response): Promise<boolean> {
  const said = await response.text().catch(() => '');
  return response.status === 404 || (response.status === 503 && said.includes(NOBODY_ANSWERED));
}

/** One attempt. @returns undefined when what it names is not there @throws AppError `clusters.*` */
async function attempt(
  call: Fetch,
  cluster: Cluster,
  method: string,
  body: unknown,
  grant: VideoGrant,
): Promise<unknown> {
  let response: Response;
  try {
    response = await call(`${cluster.apiUrl}/twirp/livekit.RoomService/${method}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${await tokenFor(cluster, grant)}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    if (response.ok) return await readJson(response);
  } catch (cause) {
    throw clusterErrors.unavailable({ detail: `${method} got no answer`, cause });
  }
  if (await isGone(response)) return undefined;
  const passing = response.status >= 500 || response.status === 429 || response.status === 408;
  const cause = new Error(`${cluster.name}: ${method} answered ${response.status}`);
  throw (passing ? clusterErrors.unavailable : clusterErrors.refused)({ cause });
}

export interface TwirpCall {
  method: string;
  body: unknown;
  grant: VideoGrant;
  /** Whether doing it twice is as good as once. */
  repeatable: boolean;
}

/** Asks a cluster's room service, within its breaker. */
export function createTwirp(cluster: Cluster, breaker: Breaker, call: Fetch) {
  return ({ method, body, grant, repeatable }: TwirpCall): Promise<unknown> =>
    breaker.run(() =>
      retry(() => attempt(call, cluster, method, body, grant), {
        attempts: repeatable ? ATTEMPTS : 1,
        baseDelayMs: BASE_DELAY_MS,
        isTransient: isUnavailable,
      }),
    );
}

/** @throws AppError `server.unavailable` for an answer that is none */
export function understood<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw serverErrors.unavailable({ detail: `the media cluster's ${what} cannot be read`, cause });
  }
}
