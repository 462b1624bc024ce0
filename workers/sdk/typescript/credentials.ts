/** What a client shows with its requests. */
export interface Credential {
  /** A token that should be valid now. */
  token(): string | Promise<string>;
  /**
   * Another token, after the API has refused this one as expired or outdated; undefined when there is none.
   */
  renew(refused: string): Promise<string | undefined>;
}

/** An API key; it does not change. */
export const apiKeyCredential = (apiKey: string): Credential => ({
  token: () => apiKey,
  renew: async () => undefined,
});
