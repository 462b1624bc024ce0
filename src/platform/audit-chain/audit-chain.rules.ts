import { type PersonalTexts, PERSONAL_FIELDS, commitmentOf } from '../../kernel/audit/index.ts';
import { canonicalJson, sha256Hex } from '../../kernel/core/index.ts';

/** An audit entry as the chain, the exports and the offline verifier use it: plain JSON. */
export interface AuditEntry {
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
export function hashEntry(entry: AuditEntry, seq: number, previousHash: string): Promise<string> {
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
export async function computeSeals(head: ChainHead, entries: readonly AuditEntry[]): Promise<EntrySeal[]> {
  const seals: EntrySeal[] = [];
  let { seq, hash: previousHash } = head;
  for (const entry of entries) {
    const hash = await hashEntry(entry, ++seq, previousHash);
    seals.push({ id: entry.id, seq, previousHash, hash });
    previousHash = hash;
  }
  return seals;
}

/** The ways in which a log can be wrong. */
export type ChainProblemCode =
  | 'altered'
  | 'broken_link'
  | 'missing_entries'
  | 'out_of_order'
  | 'foreign_entry'
  | 'personal_field_changed'
  | 'personal_field_missing'
  | 'cut_tail'
  | 'inserted_entries'
  | 'forged_checkpoint'
  | 'checkpoint_mismatch'
  | 'checkpoint_missing'
  | 'malformed'
  | 'digest_mismatch'
  | 'forged_signature';

export interface ChainProblem {
  code: ChainProblemCode;
  /** Number in the chain; null when the problem concerns no single entry. */
  seq: number | null;
  entryId: string | null;
  /** One sentence for a reader. */
  message: string;
}

export function createProblem(
  code: ChainProblemCode,
  entry: Partial<Pick<AuditEntry, 'seq' | 'id'>>,
  message: string,
): ChainProblem {
  return { code, seq: entry.seq ?? null, entryId: entry.id ?? null, message };
}

const formatEntryName = ({ seq, id }: AuditEntry) =>
  seq === null ? `entry ${id} (unsealed)` : `entry ${seq} (${id})`;

/** Compares the personal fields with their commitments; erased fields are no problem. */
export async function findPersonalFieldProblems(entry: AuditEntry): Promise<ChainProblem[]> {
  const problems: ChainProblem[] = [];
  for (const field of PERSONAL_FIELDS) {
    const value = entry[field];
    const commitment = entry.commitments[field];
    if (value === null) {
      if (commitment !== undefined && entry.erasedAt === null)
        problems.push(
          createProblem(
            'personal_field_missing',
            entry,
            `${formatEntryName(entry)}: ${field} is missing and was not erased`,
          ),
        );
      continue;
    }
    const matches =
      commitment !== undefined && (await commitmentOf(entry.salts[field] ?? '', value)) === commitment;
    if (!matches)
      problems.push(
        createProblem(
          'personal_field_changed',
          entry,
          `${formatEntryName(entry)}: ${field} does not match its commitment`,
        ),
      );
  }
  return problems;
}

const describeGap = (from: number, to: number) =>
  from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;

function findPositionProblem(entry: AuditEntry, seq: number, head: ChainHead): ChainProblem | undefined {
  const expected = head.seq + 1;
  if (seq > expected)
    return createProblem(
      'missing_entries',
      entry,
      `${describeGap(expected, seq - 1)} before ${formatEntryName(entry)}`,
    );
  if (seq < expected)
    return createProblem(
      'out_of_order',
      entry,
      `${formatEntryName(entry)} is in the position of entry ${expected}`,
    );
  if (entry.previousHash !== head.hash)
    return createProblem(
      'broken_link',
      entry,
      `${formatEntryName(entry)} does not continue the hash of the entry before it`,
    );
  return undefined;
}

/**
 * Checks a sealed entry that follows `head`. The next entry is compared with this entry's own hash, so that one wrong
 * entry does not make all later ones look wrong.
 */
export async function findEntryProblems(
  entry: AuditEntry,
  head: ChainHead,
  organizationId: string,
): Promise<ChainProblem[]> {
  const problems = await findPersonalFieldProblems(entry);
  if (entry.organizationId !== organizationId)
    problems.push(
      createProblem('foreign_entry', entry, `${formatEntryName(entry)} belongs to another organization`),
    );
  if (entry.seq === null) return problems;
  const positionProblem = findPositionProblem(entry, entry.seq, head);
  if (positionProblem) problems.push(positionProblem);
  if ((await hashEntry(entry, entry.seq, entry.previousHash ?? '')) !== entry.hash)
    problems.push(
      createProblem(
        'altered',
        entry,
        `${formatEntryName(entry)} was altered: its content does not match its hash`,
      ),
    );
  return problems;
}
