import {
  BUNDLE_TYPE,
  type BundleHeader,
  type BundleTrailer,
  createBundleDigest,
  parseBundleLine,
  claimsMatch,
} from './bundle.rules.ts';
import { createProblem, type ChainProblem } from './chain-problems.rules.ts';
import {
  type CheckpointVerifier,
  createCheckpointVerifier,
  readCheckpoints,
  type StatementReader,
  findUnsignedHead,
} from './checkpoint.rules.ts';
import { type ChainWalk, startChainWalk } from './chain-walk.rules.ts';

export interface BundleReport {
  valid: boolean;
  organizationId: string | null;
  sealed: number;
  /** Ids of entries that are not yet sealed. */
  unsealed: string[];
  problems: ChainProblem[];
}

export interface VerifyBundleOptions {
  /** Makes the reader of signed statements; gets the key set of the header, for callers that trust it. */
  createReader(jwks: BundleHeader['jwks']): StatementReader;
  /** Checkpoints kept elsewhere; a newer one than the bundle's own reveals a tail that was cut off. */
  checkpoints?: readonly string[];
}

interface BundleProgress {
  header: BundleHeader;
  read: StatementReader;
  verifier: CheckpointVerifier;
  walk: ChainWalk;
}

async function readHeader(
  line: string,
  { createReader, checkpoints = [] }: VerifyBundleOptions,
  problems: ChainProblem[],
): Promise<BundleProgress | undefined> {
  const header = parseBundleLine(line);
  if (header?.type !== 'header') {
    problems.push(createProblem('malformed', {}, 'line 1 is not the header of a bundle'));
    return undefined;
  }
  const read = createReader(header.jwks);
  const statements = [
    ...header.checkpoints.map((text, index) => ({ text, where: `${index + 1} of the header` })),
    ...checkpoints.map((text, index) => ({ text, where: `${index + 1} given` })),
  ];
  const result = await readCheckpoints(statements, header.organizationId, read);
  problems.push(...result.problems);
  const verifier = createCheckpointVerifier(result.checkpoints);
  return { header, read, verifier, walk: startChainWalk(header.previous, header.organizationId, verifier) };
}

async function findTrailerProblems(
  trailer: BundleTrailer,
  { header, read, walk }: BundleProgress,
  sha256: string,
): Promise<ChainProblem[]> {
  const problems: ChainProblem[] = [];
  const { organizationId } = header;
  const { count, head } = trailer;
  const claims = await read(trailer.signature, BUNDLE_TYPE);
  if (!claims || !claimsMatch(claims, { organizationId, count, head, sha256: trailer.sha256 }))
    problems.push(
      createProblem(
        'forged_signature',
        {},
        'the trailer is not signed by a trusted key, or its signature covers other claims',
      ),
    );
  if (trailer.sha256 !== sha256)
    problems.push(createProblem('digest_mismatch', {}, 'the file was changed after it was signed'));
  const entryCount = walk.sealed + walk.unsealed;
  if (entryCount !== count)
    problems.push(
      createProblem(
        'digest_mismatch',
        {},
        `the file contains ${entryCount} entries, but its trailer counts ${count}`,
      ),
    );
  if (walk.head.seq !== head.seq || walk.head.hash !== head.hash)
    problems.push(
      createProblem(
        'cut_tail',
        { seq: walk.head.seq + 1 },
        `the file ends at entry ${walk.head.seq}, but its trailer says entry ${head.seq}`,
      ),
    );
  return problems;
}

/** Most difference between two clocks. */
const CLOCK_SLACK_MS = 60_000;

/** The time until which every entry must be in the bundle: its export, or the end of the requested range. */
function getCompletenessDeadline({ exportedAt, range }: BundleHeader): string {
  if (range.to === null || range.to >= exportedAt) return exportedAt;
  return new Date(Date.parse(range.to) - CLOCK_SLACK_MS).toISOString();
}

/** Compares the end of the walk with the trailer and the checkpoints. */
async function findBundleEndProblems(
  progress: BundleProgress,
  trailer: BundleTrailer | undefined,
  sha256: string,
): Promise<ChainProblem[]> {
  const { header, walk, verifier } = progress;
  return [
    ...(trailer
      ? await findTrailerProblems(trailer, progress, sha256)
      : [createProblem('cut_tail', {}, 'the file has no trailer: its end is cut off')]),
    ...verifier.checkEnd(walk.head, getCompletenessDeadline(header)),
    ...(header.range.to === null ? findUnsignedHead(walk.head, verifier) : []),
  ];
}

/**
 * Verifies a bundle without the product: its signature, that nothing was changed since, and that the chain and the
 * personal fields match. `lines` have no line ends.
 */
export async function verifyBundle(
  lines: AsyncIterable<string>,
  options: VerifyBundleOptions,
): Promise<BundleReport> {
  const problems: ChainProblem[] = [];
  const unsealed: string[] = [];
  const digest = createBundleDigest();
  let progress: BundleProgress | undefined;
  let trailer: BundleTrailer | undefined;
  let lineNumber = 0;
  for await (const line of lines) {
    lineNumber++;
    if (lineNumber === 1) {
      progress = await readHeader(line, options, problems);
      if (!progress) break;
      digest.add(line);
      continue;
    }
    const parsed = trailer ? undefined : parseBundleLine(line);
    if (progress && parsed?.type === 'entry') {
      if (parsed.seq === null) unsealed.push(parsed.id);
      const { type: _type, ...entry } = parsed;
      problems.push(...(await progress.walk.verifyEntry(entry)));
      digest.add(line);
    } else if (parsed?.type === 'trailer') trailer = parsed;
    else {
      problems.push(createProblem('malformed', {}, `line ${lineNumber} is not a valid line of a bundle`));
      digest.add(line);
    }
  }
  if (lineNumber === 0) problems.push(createProblem('malformed', {}, 'the file is empty'));
  if (progress) problems.push(...(await findBundleEndProblems(progress, trailer, digest.hex())));
  return {
    valid: problems.length === 0,
    organizationId: progress?.header.organizationId ?? null,
    sealed: progress?.walk.sealed ?? 0,
    unsealed,
    problems,
  };
}
