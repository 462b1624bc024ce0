import type { Reply } from './route.ts';

/** The ETag of a versioned resource. */
export const etag = (version: number): string => `"${version}"`;

export const ok = (body: unknown, version?: number): Reply => ({
  status: 200,
  body,
  ...(version === undefined ? {} : { headers: { ETag: etag(version) } }),
});

export const created = (body: unknown, location: string, version?: number): Reply => ({
  status: 201,
  body,
  headers: { Location: location, ...(version === undefined ? {} : { ETag: etag(version) }) },
});

export const noContent = (): Reply => ({ status: 204 });
