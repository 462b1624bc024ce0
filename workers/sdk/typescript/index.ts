import { createClient, createConfig } from './generated/client/index.js';
import { createFetch, type FetchOptions } from './create-fetch.ts';
import { apiKeyCredential } from './credentials.ts';
import { errorOfResponse } from './errors.ts';
import { Session, type SessionOptions } from './session.ts';

export interface AuraLinkOptions extends Omit<FetchOptions, 'credential'> {
  /** Address of the API, such as `https://api.example.com`. */
  baseUrl: string;
  /** The key of a server; a browser must never get one. */
  apiKey?: string;
  /** The session of a person, instead of an API key. */
  session?: Session;
}

/** A client of the API; each operation takes it as `client`. */
export function createAuraLink({ baseUrl, apiKey, session, ...options }: AuraLinkOptions) {
  const credential = session ?? (apiKey === undefined ? undefined : apiKeyCredential(apiKey));
  const client = createClient(
    createConfig({
      baseUrl,
      throwOnError: true,
      ...(credential ? { auth: async () => credential.token() } : {}),
      fetch: createFetch({ ...options, ...(credential ? { credential } : {}) }) as typeof fetch,
    }),
  );
  client.interceptors.error.use((error, response) => errorOfResponse(error, response));
  return client;
}

/** A person's session at the same address as the client. */
export const createSession = (options: SessionOptions) => new Session(options);

export * from './generated/index.js';
export { AuraLinkConnectionError, AuraLinkError, hasCode, type InvalidField } from './errors.ts';
export * from './pages.ts';
export type { Credential } from './credentials.ts';
export type { Grant, SessionOptions } from './session.ts';
export { Session } from './session.ts';
export * from './token-store.ts';
