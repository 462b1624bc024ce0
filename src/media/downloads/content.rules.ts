import type { ByteRange, StoredObject } from '../../platform/objects/index.ts';
import { fileKey, type FileRow } from '../files/index.ts';

/** Headers of a conditional or partial request. */
export interface ContentConditions {
  range: string | undefined;
  ifRange: string | undefined;
  ifNoneMatch: string | undefined;
  ifModifiedSince: string | undefined;
}

/** A version of some bytes. */
export interface ContentVersion {
  /** With its quotes. */
  etag: string;
  sizeBytes: number;
  modifiedAt: Date;
}

export type ContentDecision =
  | { kind: 'whole' }
  | { kind: 'part'; range: ByteRange }
  | { kind: 'not_modified' }
  | { kind: 'unsatisfiable' };

const toSeconds = (ms: number) => Math.floor(ms / 1000);

/** Whether the caller's copy is current (RFC 9110, 13.1.2 and 13.1.3): the tag decides where there is one. */
function isNotModified({ etag, modifiedAt }: ContentVersion, conditions: ContentConditions): boolean {
  const { ifNoneMatch, ifModifiedSince } = conditions;
  if (ifNoneMatch !== undefined)
    return ifNoneMatch.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')));
  const sinceMs = Date.parse(ifModifiedSince ?? '');
  return !Number.isNaN(sinceMs) && toSeconds(modifiedAt.getTime()) <= toSeconds(sinceMs);
}

/** Whether a range still belongs to the copy of which the caller has a part (RFC 9110, 13.1.5): exactly this tag or date. */
function isSameVersion({ etag, modifiedAt }: ContentVersion, ifRange: string | undefined): boolean {
  if (ifRange === undefined || ifRange === etag) return true;
  return toSeconds(Date.parse(ifRange)) === toSeconds(modifiedAt.getTime());
}

/**
 * The range that a header asks for.
 * @returns undefined for a header that is ignored: another unit, several ranges, or none that parses; null for one outside of the bytes
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | null | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? null : { offset: sizeBytes - length, length };
  }
  const offset = Number(first);
  if (last !== '' && Number(last) < offset) return undefined;
  if (offset >= sizeBytes) return null;
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  return { offset, length: end - offset };
}

/** The answer to a request for these bytes. */
export function decideContent(version: ContentVersion, conditions: ContentConditions): ContentDecision {
  if (isNotModified(version, conditions)) return { kind: 'not_modified' };
  const range = isSameVersion(version, conditions.ifRange)
    ? parseRange(conditions.range, version.sizeBytes)
    : undefined;
  if (range === null) return { kind: 'unsatisfiable' };
  return range === undefined ? { kind: 'whole' } : { kind: 'part', range };
}

/** A `Content-Disposition` (RFC 6266): the name in ASCII for old clients, and as it is in UTF-8 (RFC 8187). */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7E]|["\\%/]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** Bytes in object storage that never change under their key, with their description. */
export interface Content {
  /** The organization that the bytes belong to. */
  organizationId: string;
  key: string;
  /** With its quotes. */
  etag: string;
  /** For the one who downloads it. */
  name: string;
  contentType: string;
  sizeBytes: number;
  modifiedAt: Date;
  /** Whether a browser may show it instead of downloading it, if its type allows that. */
  mayShow: boolean;
}

/** The bytes of a file; those without a scan are always sent as a download. */
export const contentOf = (file: FileRow): Content => ({
  organizationId: file.organizationId,
  key: fileKey(file),
  etag: file.objectSuffix === null ? `"${file.id}"` : `"${file.id}.${file.objectSuffix}"`,
  name: file.name,
  contentType: file.contentType,
  sizeBytes: file.sizeBytes,
  modifiedAt: file.replacedAt ?? file.createdAt,
  mayShow: file.scanStatus !== 'unscanned',
});

/** The bytes that a request gets, or why it gets none. */
export interface OpenedContent {
  content: Content;
  decision: ContentDecision;
  /** Null where there is nothing to send. */
  body: StoredObject['body'] | null;
}
