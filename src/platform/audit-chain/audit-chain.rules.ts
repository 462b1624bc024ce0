import { type PersonalTexts, PERSONAL_FIELDS, commitmentOf } from '../../kernel/audit/index.ts';
import { canonicalJson, sha256Hex } from '../../kernel/core/index.ts';

/** An audit entry as the chain, the exports and the offline verifier see it: plain JSON. */
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
  /** Place in the chain, from 1; null until sealed, as are the two hashes. */
  seq: number | null;
  previousHash: string | null;
  hash: string | null;
}

/** Where a chain ends: its last entry's place and hash; 0 and `GENESIS` when it has none. */
export interface ChainHead {
  seq: number;
  hash: string;
}

export const GENESIS_HASH = '0'.repeat(64);
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: GENESIS_HASH };

/**
 * The hash of an entry in its place: SHA-256 over the canonical JSON of its public part, the commitments to its
 * personal fields, its place and the hash before it. Personal fields themselves stay out, so they can be erased.
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

/** The seals of entries that follow `head`, in their order. */
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

/** Each is a way in which a log can be wrong. */
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
  /** Where in the chain; null when it concerns no one place. */
  seq: number | null;
  entryId: string | null;
  /** One sentence for a person. */
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

/** What is wrong with the personal fields beside the chain; nothing when they were erased. */
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
            `${formatEntryName(entry)}: ${field} is gone without an erasure`,
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
          `${formatEntryName(entry)}: ${field} is not what was committed to`,
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
      `${formatEntryName(entry)} stands where entry ${expected} belongs`,
    );
  if (entry.previousHash !== head.hash)
    return createProblem(
      'broken_link',
      entry,
      `${formatEntryName(entry)} does not follow the entry before it`,
    );
  return undefined;
}

/**
 * What is wrong with a sealed entry that follows `head`. The next one is measured against what this one says of itself,
 * so that one wrong entry does not make all after it look wrong.
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
      createProblem('altered', entry, `${formatEntryName(entry)} was altered: it does not give its hash`),
    );
  return problems;
}
