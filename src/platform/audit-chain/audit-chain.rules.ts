import type { PersonalTexts } from '../../kernel/audit/index.ts';
import { canonicalJson, sha256Hex } from '../../kernel/core/index.ts';

/** An audit entry as the chain, the exports and the offline verifier use it: plain JSON. */
export interface ChainEntry {
  id: string;
  organizationId: string;
  actorKind: string;
  actorId: string | null;
  action: string;
  severity: string;
  targetType: string;
  targetId: string;
  requestId: string;
  /** ISO 8601, UTC, milliseconds. */
  createdAt: string;
  ip: string | null;
  userAgent: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  salts: PersonalTexts;
  commitments: PersonalTexts;
  erasedAt: string | null;
  /** Number in the chain, from 1; null until sealed, as are the two hashes. */
  seq: number | null;
  previousHash: string | null;
  hash: string | null;
}

/** The end of a chain: number and hash of its last entry; 0 and `GENESIS` for an empty chain. */
export interface ChainHead {
  seq: number;
  hash: string;
}

export const GENESIS_HASH = '0'.repeat(64);
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: GENESIS_HASH };

/**
 * The hash of an entry: SHA-256 over the canonical JSON of its public part, the commitments to its personal fields, its
 * number and the hash before it. Personal fields themselves are not hashed, so that they can be erased.
 */
export function hashEntry(entry: ChainEntry, seq: number, previousHash: string): Promise<string> {
  const { id, organizationId, actorKind, actorId, action, severity, targetType, targetId } = entry;
  const { requestId, createdAt, commitments } = entry;
  return sha256Hex(
    canonicalJson({
      id,
      organizationId,
      actorKind,
      actorId,
      action,
      severity,
      targetType,
      targetId,
      requestId,
      createdAt,
      commitments,
      seq,
      previousHash,
    }),
  );
}

export interface EntrySeal {
  id: string;
  seq: number;
  previousHash: string;
  hash: string;
}

/** Computes the seals of the entries that follow `head`, in order. */
export async function computeSeals(head: ChainHead, entries: readonly ChainEntry[]): Promise<EntrySeal[]> {
  const seals: EntrySeal[] = [];
  let { seq, hash: previousHash } = head;
  for (const entry of entries) {
    const hash = await hashEntry(entry, ++seq, previousHash);
    seals.push({ id: entry.id, seq, previousHash, hash });
    previousHash = hash;
  }
  return seals;
}
