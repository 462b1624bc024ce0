import { sha256 } from '@noble/hashes/sha2.js';
import { z } from '@hono/zod-openapi';
import { PERSONAL_FIELDS } from '../../kernel/audit/index.ts';
import { canonicalJson, hex, utf8 } from '../../kernel/core/index.ts';
import type { ChainEntry, ChainHead } from './audit-chain.rules.ts';

/** The `typ` of a bundle's signature. */
export const BUNDLE_TYPE = 'audit-bundle+jwt';
export const BUNDLE_FORMAT = 'auralink-audit-bundle';

const personalTextsSchema = z.partialRecord(z.enum(PERSONAL_FIELDS), z.string());
const jsonRecordSchema = z.record(z.string(), z.unknown()).nullable();

const headerSchema = z.object({
  type: z.literal('header'),
  format: z.literal(BUNDLE_FORMAT),
  version: z.literal(1),
  organizationId: z.string(),
  /** The requested time range; every entry in between is included, so that the chain can be followed. */
  range: z.object({ from: z.iso.datetime().nullable(), to: z.iso.datetime().nullable() }),
  exportedAt: z.iso.datetime(),
  /** The head of the chain before the first entry of the bundle. */
  previous: z.object({ seq: z.number().int().min(0), hash: z.string() }),
  jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
  checkpoints: z.array(z.string()),
});
export type BundleHeader = z.output<typeof headerSchema>;

const entrySchema: z.ZodType<ChainEntry & { type: 'entry' }> = z.object({
  type: z.literal('entry'),
  id: z.string(),
  organizationId: z.string(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  action: z.string(),
  severity: z.string(),
  targetType: z.string(),
  targetId: z.string(),
  requestId: z.string(),
  createdAt: z.string(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  before: jsonRecordSchema,
  after: jsonRecordSchema,
  salts: personalTextsSchema,
  commitments: personalTextsSchema,
  erasedAt: z.string().nullable(),
  seq: z.number().int().nullable(),
  previousHash: z.string().nullable(),
  hash: z.string().nullable(),
});

const trailerSchema = z.object({
  type: z.literal('trailer'),
  /** Number of lines between header and trailer. */
  count: z.number().int(),
  unsealedCount: z.number().int(),
  head: z.object({ seq: z.number().int(), hash: z.string() }),
  /** SHA-256 of all bytes before this line, line ends included. */
  sha256: z.string(),
  /** Compact JWS over organization, count, head and sha256. */
  signature: z.string(),
});
export type BundleTrailer = z.output<typeof trailerSchema>;

const lineSchema = z.discriminatedUnion('type', [headerSchema, entrySchema as never, trailerSchema]);
export type BundleLine = BundleHeader | (ChainEntry & { type: 'entry' }) | BundleTrailer;

/** Parses a line of a bundle; undefined when it is not one. */
export function parseBundleLine(text: string): BundleLine | undefined {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Computes the SHA-256 of a stream of lines, each with its line end. */
export function createBundleDigest() {
  const digest = sha256.create();
  return {
    add: (line: string) => void digest.update(utf8(`${line}\n`)),
    hex: () => hex(digest.clone().digest()),
  };
}

/** The claims that the signature of a bundle covers. */
export interface BundleClaims {
  organizationId: string;
  count: number;
  head: ChainHead;
  sha256: string;
}

export const claimsMatch = (claims: Record<string, unknown>, expected: BundleClaims): boolean =>
  (['organizationId', 'count', 'head', 'sha256'] as const).every(
    (name) => canonicalJson(claims[name] ?? null) === canonicalJson(expected[name]),
  );

/**
 * Writes a bundle line by line, without line ends: a header, the entries, and a trailer with a signature over everything
 * before it.
 * @param attest signs claims without expiry, as `Signer.attest` does
 */
export async function* writeBundle(
  header: Omit<BundleHeader, 'type' | 'format' | 'version'>,
  entries: AsyncIterable<ChainEntry>,
  attest: (claims: BundleClaims, type: string) => Promise<string>,
): AsyncGenerator<string> {
  const digest = createBundleDigest();
  const formatLine = (value: object) => {
    const line = JSON.stringify(value);
    digest.add(line);
    return line;
  };
  let head = header.previous;
  let count = 0;
  let unsealedCount = 0;
  yield formatLine({ type: 'header', format: BUNDLE_FORMAT, version: 1, ...header });
  for await (const entry of entries) {
    count++;
    if (entry.seq === null) unsealedCount++;
    else head = { seq: entry.seq, hash: entry.hash ?? '' };
    yield formatLine({ type: 'entry', ...entry });
  }
  const claims = { organizationId: header.organizationId, count, head, sha256: digest.hex() };
  const trailer: BundleTrailer = {
    type: 'trailer',
    count,
    unsealedCount,
    head,
    sha256: claims.sha256,
    signature: await attest(claims, BUNDLE_TYPE),
  };
  yield JSON.stringify(trailer);
}
