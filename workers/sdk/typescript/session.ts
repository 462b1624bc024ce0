import { createFetch, type FetchOptions } from './create-fetch.ts';
import type { Credential } from './credentials.ts';
import { errorOfResponse, hasCode } from './errors.ts';
import { memoryStore, type StoredTokens, type TokenStore } from './token-store.ts';

/** What a sign-in, a refresh and a switch of organization return. */
export interface Grant {
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
}

export interface SessionOptions {
  /** Address of the API. */
  baseUrl: string;
  /** Where the tokens are kept: in memory if nothing else is given. */
  store?: TokenStore;
  /**
   * Runs one piece of work at a time among all that share the store. Without it the locks of the browser are taken, and
   * where there are none, one lock for this process.
   */
  lock?: <T>(work: () => Promise<T>) => Promise<T>;
  /** Called when the session has ended, and the person must sign in again. */
  onEnd?: () => void;
  fetch?: FetchOptions['fetch'];
  sleep?: FetchOptions['sleep'];
  now?: () => number;
}

/** A token is renewed this long before it expires, so that none expires on its way. */
const EARLY_MS = 15_000;
/** Refusals after which the session is over. */
const ENDED = ['accounts.refresh_token_invalid', 'accounts.refresh_token_reused'];

/** One lock for this process. */
function processLock(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** The locks of a browser: `navigator.locks`. */
interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** One lock for all tabs of a site, where the browser has locks. */
function siteLock(name: string): <T>(work: () => Promise<T>) => Promise<T> {
  const locks = (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;
  return locks ? (work) => locks.request(name, work) : processLock();
}

/**
 * A person's session: gives requests an access token, and renews it before it expires and when the API refuses it. One renewal is made at
 * a time, also among tabs that share the store. A renewal whose answer was lost is repeated with its key, also after a reload, so that the
 * session does not end. Times are durations that begin when an answer arrives: a wrong clock does no harm.
 */
export class Session implements Credential {
  readonly #options: SessionOptions;
  readonly #store: TokenStore;
  readonly #lock: NonNullable<SessionOptions['lock']>;
  readonly #now: () => number;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#store = options.store ?? memoryStore();
    this.#lock = options.lock ?? siteLock('auralink.session');
    this.#now = options.now ?? Date.now;
  }

  /** Begins with what a sign-in returned, or continues with what a switch of organization returned. */
  async start({ accessToken, refreshToken, expiresInSeconds }: Grant): Promise<void> {
    await this.#store.write({
      accessToken,
      refreshToken,
      expiresAtMs: this.#now() + expiresInSeconds * 1000,
    });
  }

  /** Whether there is one. The API may have ended it meanwhile. */
  async isStarted(): Promise<boolean> {
    return (await this.#store.read()) !== undefined;
  }

  /** Forgets the tokens. `logOut` ends the session at the API. */
  async forget(): Promise<void> {
    await this.#store.write(undefined);
  }

  /** @throws AuraLinkError when the session has ended */
  async token(): Promise<string> {
    const tokens = await this.#store.read();
    if (!tokens) throw new Error('the session was not started, or has ended');
    if (tokens.expiresAtMs - this.#now() > EARLY_MS) return tokens.accessToken;
    return this.#renewOnce(tokens.accessToken);
  }

  async renew(refused: string): Promise<string | undefined> {
    return (await this.isStarted()) ? this.#renewOnce(refused) : undefined;
  }

  /** Renews the token, unless another tab has done so meanwhile. */
  #renewOnce(refused: string): Promise<string> {
    return this.#lock(async () => {
      const tokens = await this.#store.read();
      if (!tokens) throw new Error('the session has ended');
      if (tokens.accessToken !== refused) return tokens.accessToken;
      try {
        return await this.#refresh(tokens);
      } catch (error) {
        if (ENDED.some((code) => hasCode(error, code))) {
          await this.forget();
          this.#options.onEnd?.();
        }
        throw error;
      }
    });
  }

  async #refresh(tokens: StoredTokens): Promise<string> {
    const refreshKey = tokens.refreshKey ?? crypto.randomUUID();
    await this.#store.write({ ...tokens, refreshKey });
    const { baseUrl, fetch, sleep } = this.#options;
    const response = await createFetch({ ...(fetch && { fetch }), ...(sleep && { sleep }) })(
      new Request(`${baseUrl}/api/v1/auth/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': refreshKey },
        body: JSON.stringify({ refreshToken: tokens.refreshToken }),
      }),
    );
    const body: unknown = await response.json();
    if (!response.ok) throw errorOfResponse(body, response);
    await this.start(body as Grant);
    return (body as Grant).accessToken;
  }
}
