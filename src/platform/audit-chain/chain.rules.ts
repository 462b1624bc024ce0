import { type PersonalTexts, PERSONAL_FIELDS, commitmentOf } from '../audit/index.ts';
import { canonicalJson, sha256Hex } from '../core/index.ts';

/** An audit entry as the chain, the exports and the offline verifier see it: plain JSON. */
export interface Entry {
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
export interface Head {
  seq: number;
  hash: string;
}

export const GENESIS = '0'.repeat(64);
export const EMPTY_CHAIN: Head = { seq: 0, hash: GENESIS };

/**
 * The hash of an entry in its place: SHA-256 over the canonical JSON of its public part, the commitments to its
 * personal fields, its place and the hash before it. Personal fields themselves stay out, so they can be erased.
 */
export function hashOf(entry: Entry, seq: number, previousHash: string): Promise<string> {
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

export interface Seal {
  id: string;
  seq: number;
  previousHash: string;
  hash: string;
}

/** The seals of entries that follow `head`, in their order. */
export async function sealsAfter(head: Head, entries: readonly Entry[]): Promise<Seal[]> {
  const seals: Seal[] = [];
  let { seq, hash: previousHash } = head;
  for (const entry of entries) {
    const hash = await hashOf(entry, ++seq, previousHash);
    seals.push({ id: entry.id, seq, previousHash, hash });
    previousHash = hash;
  }
  return seals;
}

/** Each is a way in which a log can be wrong. */
export type ProblemCode =
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

export interface Problem {
  code: ProblemCode;
  /** Where in the chain; null when it concerns no one place. */
  seq: number | null;
  entryId: string | null;
  /** One sentence for a person. */
  message: string;
}

export function problem(
  code: ProblemCode,
  entry: Partial<Pick<Entry, 'seq' | 'id'>>,
  message: string,
): Problem {
  return { code, seq: entry.seq ?? null, entryId: entry.id ?? null, message };
}

const nameOf = ({ seq, id }: Entry) => (seq === null ? `entry ${id} (unsealed)` : `entry ${seq} (${id})`);

/** What is wrong with the personal fields beside the chain; nothing when they were erased. */
export async function personalProblems(entry: Entry): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const field of PERSONAL_FIELDS) {
    const value = entry[field];
    const commitment = entry.commitments[field];
    if (value === null) {
      if (commitment !== undefined && entry.erasedAt === null)
        problems.push(
          problem('personal_field_missing', entry, `${nameOf(entry)}: ${field} is gone without an erasure`),
        );
      continue;
    }
    const matches =
      commitment !== undefined && (await commitmentOf(entry.salts[field] ?? '', value)) === commitment;
    if (!matches)
      problems.push(
        problem('personal_field_changed', entry, `${nameOf(entry)}: ${field} is not what was committed to`),
      );
  }
  return problems;
}

const span = (from: number, to: number) =>
  from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;

function placeProblem(entry: Entry, seq: number, head: Head): Problem | undefined {
  const expected = head.seq + 1;
  if (seq > expected)
    return problem('missing_entries', entry, `${span(expected, seq - 1)} before ${nameOf(entry)}`);
  if (seq < expected)
    return problem('out_of_order', entry, `${nameOf(entry)} stands where entry ${expected} belongs`);
  if (entry.previousHash !== head.hash)
    return problem('broken_link', entry, `${nameOf(entry)} does not follow the entry before it`);
  return undefined;
}

/**
 * What is wrong with a sealed entry that follows `head`. The next one is measured against what this one says of itself,
 * so that one wrong entry does not make all after it look wrong.
 */
export async function entryProblems(entry: Entry, head: Head, organizationId: string): Promise<Problem[]> {
  const problems = await personalProblems(entry);
  if (entry.organizationId !== organizationId)
    problems.push(problem('foreign_entry', entry, `${nameOf(entry)} belongs to another organization`));
  if (entry.seq === null) return problems;
  const misplaced = placeProblem(entry, entry.seq, head);
  if (misplaced) problems.push(misplaced);
  if ((await hashOf(entry, entry.seq, entry.previousHash ?? '')) !== entry.hash)
    problems.push(problem('altered', entry, `${nameOf(entry)} was altered: it does not give its hash`));
  return problems;
}
