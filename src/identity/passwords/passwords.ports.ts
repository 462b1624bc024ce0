/** What a check of a password says. */
export interface PasswordVerification {
  matches: boolean;
  /** The hash was made at another cost than today's. */
  outdated: boolean;
}

/**
 * Hashes and checks passwords away from the isolate that serves requests: one hash costs hundreds of milliseconds of
 * computing and 16 MiB.
 */
export interface PasswordHasher {
  /**
   * @param email spreads the load; the same address always meets the same queue
   * @throws AppError `server.unavailable` when too many wait
   */
  hash(email: string, password: string): Promise<string>;
  /** @throws AppError `server.unavailable` when too many wait */
  verify(email: string, password: string, hash: string): Promise<PasswordVerification>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    passwords: PasswordHasher;
  }
}
