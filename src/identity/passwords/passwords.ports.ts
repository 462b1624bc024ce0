/** The result of verifying a password. */
export interface PasswordVerification {
  matches: boolean;
  /** The hash was made at another cost than the current one. */
  outdated: boolean;
}

/**
 * Hashes and verifies passwords outside the isolate that serves requests: one hash costs hundreds of milliseconds of
 * CPU time and 16 MiB.
 */
export interface PasswordHasher {
  /**
   * @param email spreads the load: one address always uses the same queue
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
