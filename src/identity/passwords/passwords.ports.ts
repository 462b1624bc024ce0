/** The result of verifying a password. */
export interface PasswordVerification {
  matches: boolean;
  /** The hash was made at another cost than the current one. */
  outdated: boolean;
}

/** The caller that a hash is computed for: requesters take turns. */
export interface HashRequester {
  /** Separates one requester from another: the user's session or token, or else the network of the request. */
  key: string;
  /** Whether the request has a credential of the account, such as a session; those are served first. */
  proven: boolean;
}

/**
 * Hashes and verifies passwords outside the isolate that serves requests: one hash costs hundreds of milliseconds of
 * CPU time and 16 MiB.
 */
export interface PasswordHasher {
  /**
   * @param email spreads the load: one address always uses the same queue
   * @param requester the caller, for the order in the queue
   * @throws AppError `server.unavailable` when too many wait
   */
  hash(email: string, password: string, requester: HashRequester): Promise<string>;
  /** @throws AppError `server.unavailable` when too many wait */
  verify(
    email: string,
    password: string,
    hash: string,
    requester: HashRequester,
  ): Promise<PasswordVerification>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    passwords: PasswordHasher;
  }
}
