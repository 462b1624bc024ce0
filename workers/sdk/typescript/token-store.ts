/** What a session keeps. */
export interface StoredTokens {
  accessToken: string;
  refreshToken: string;
  /** When the access token expires, as this machine counts time. */
  expiresAtMs: number;
  /** The key of a refresh that was sent and not yet answered: the same key gets its answer again. */
  refreshKey?: string;
}

/** Where the tokens of a session are kept. All clients of a session share one, such as the tabs of a browser. */
export interface TokenStore {
  read(): StoredTokens | undefined | Promise<StoredTokens | undefined>;
  /** @param tokens undefined when the session has ended */
  write(tokens: StoredTokens | undefined): void | Promise<void>;
}

/** Keeps the tokens in memory: they end with the process or the page. */
export function memoryStore(tokens?: StoredTokens): TokenStore {
  let kept = tokens;
  return {
    read: () => kept,
    write: (written) => {
      kept = written;
    },
  };
}

/** `localStorage` or `sessionStorage`. */
interface WebStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** Keeps the tokens in a storage of the browser, which all tabs of a site share. Scripts of the site can read it. */
export function webStore(storage: WebStorage, name: string): TokenStore {
  return {
    read: () => {
      const text = storage.getItem(name);
      return text === null ? undefined : (JSON.parse(text) as StoredTokens);
    },
    write: (tokens) => {
      if (tokens) storage.setItem(name, JSON.stringify(tokens));
      else storage.removeItem(name);
    },
  };
}
