import type { TestApp, TestResponse } from './app.ts';

interface Upload {
  content: string | Uint8Array<ArrayBuffer>;
  name?: string;
  /** Further parameters of the query: `access`, `roomId`, `expiresAt`. */
  query?: Record<string, string>;
  headers?: Record<string, string>;
}

/** Uploads a file in one request. */
export function uploadFile(
  app: TestApp,
  token: string,
  { content, name = 'notes.txt', query = {}, headers = {} }: Upload,
): Promise<TestResponse> {
  const length = typeof content === 'string' ? new TextEncoder().encode(content).length : content.length;
  return app.send('POST', `/api/v1/files?${new URLSearchParams({ name, ...query }).toString()}`, {
    token,
    raw: content,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(length),
      ...headers,
    },
  });
}
