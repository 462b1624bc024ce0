import { commitmentOf, PERSONAL_FIELDS } from '../../kernel/audit/index.ts';
import { type ChainEntry, type ChainHead, hashEntry } from './audit-chain.rules.ts';

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
  entry: Partial<Pick<ChainEntry, 'seq' | 'id'>>,
  message: string,
): ChainProblem {
  return { code, seq: entry.seq ?? null, entryId: entry.id ?? null, message };
}

const formatEntryName = ({ seq, id }: ChainEntry) =>
  seq === null ? `entry ${id} (unsealed)` : `entry ${seq} (${id})`;

/** Compares the personal fields with their commitments; erased fields are no problem. */
export async function findPersonalFieldProblems(entry: ChainEntry): Promise<ChainProblem[]> {
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

function findPositionProblem(entry: ChainEntry, seq: number, head: ChainHead): ChainProblem | undefined {
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
  entry: ChainEntry,
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
