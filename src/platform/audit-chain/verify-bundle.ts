import {
  BUNDLE_TYPE,
  type BundleHeader,
  type BundleTrailer,
  createDigest,
  parseLine,
  sameClaims,
} from './bundle.rules.ts';
import { problem, type Problem } from './chain.rules.ts';
import {
  type CheckpointGauge,
  gaugeOf,
  readCheckpoints,
  type ReadStatement,
  unvouched,
} from './checkpoint.rules.ts';
import { type Walk, walkFrom } from './walk.rules.ts';

export interface BundleReport {
  valid: boolean;
  organizationId: string | null;
  sealed: number;
  /** Ids of entries that no hash protects yet. */
  unsealed: string[];
  problems: Problem[];
}

export interface VerifyOptions {
  /** Reads statements with the trusted keys; given the header's own key set, for whoever trusts that. */
  readerFor(jwks: BundleHeader['jwks']): ReadStatement;
  /** Checkpoints kept elsewhere; one that is newer than the bundle's own finds a tail that was cut off. */
  checkpoints?: readonly string[];
}

interface Progress {
  header: BundleHeader;
  read: ReadStatement;
  gauge: CheckpointGauge;
  walk: Walk;
}

async function begin(
  line: string,
  { readerFor, checkpoints = [] }: VerifyOptions,
  problems: Problem[],
): Promise<Progress | undefined> {
  const header = parseLine(line);
  if (header?.type !== 'header') {
    problems.push(problem('malformed', {}, 'line 1 is not the header of a bundle'));
    return undefined;
  }
  const read = readerFor(header.jwks);
  const statements = [
    ...header.checkpoints.map((text, index) => ({ text, where: `${index + 1} of the header` })),
    ...checkpoints.map((text, index) => ({ text, where: `${index + 1} given` })),
  ];
  const found = await readCheckpoints(statements, header.organizationId, read);
  problems.push(...found.problems);
  const gauge = gaugeOf(found.checkpoints);
  return { header, read, gauge, walk: walkFrom(header.previous, header.organizationId, gauge) };
}

async function trailerProblems(
  trailer: BundleTrailer,
  { header, read, walk }: Progress,
  sha256: string,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const { organizationId } = header;
  const { count, head } = trailer;
  const claims = await read(trailer.signature, BUNDLE_TYPE);
  if (!claims || !sameClaims(claims, { organizationId, count, head, sha256: trailer.sha256 }))
    problems.push(
      problem('forged_signature', {}, 'the trailer is not signed by a trusted key, or says something else'),
    );
  if (trailer.sha256 !== sha256)
    problems.push(problem('digest_mismatch', {}, 'the file was changed after it was signed'));
  const passed = walk.sealed + walk.unsealed;
  if (passed !== count)
    problems.push(
      problem('digest_mismatch', {}, `the file holds ${passed} entries, its trailer counts ${count}`),
    );
  if (walk.head.seq !== head.seq || walk.head.hash !== head.hash)
    problems.push(
      problem(
        'cut_tail',
        { seq: walk.head.seq + 1 },
        `the file ends at entry ${walk.head.seq}, its trailer at entry ${head.seq}`,
      ),
    );
  return problems;
}

/** Clocks differ by less than this. */
const CLOCK_SLACK_MS = 60_000;

/** Until when every entry must be in the bundle: its export, or the end of the range that was asked for. */
function completeUntil({ exportedAt, range }: BundleHeader): string {
  if (range.to === null || range.to >= exportedAt) return exportedAt;
  return new Date(Date.parse(range.to) - CLOCK_SLACK_MS).toISOString();
}

/** What the end of the walk says: against the trailer, the checkpoints, and itself. */
async function endProblems(
  progress: Progress,
  trailer: BundleTrailer | undefined,
  sha256: string,
): Promise<Problem[]> {
  const { header, walk, gauge } = progress;
  return [
    ...(trailer
      ? await trailerProblems(trailer, progress, sha256)
      : [problem('cut_tail', {}, 'the file has no trailer: its end is cut off')]),
    ...gauge.end(walk.head, completeUntil(header)),
    ...(header.range.to === null ? unvouched(walk.head, gauge) : []),
  ];
}

/**
 * Verifies a bundle without the product: who signed it, that nothing was changed since, and that the chain and its
 * personal fields hold. `lines` come without their line ends.
 */
export async function verifyBundle(
  lines: AsyncIterable<string>,
  options: VerifyOptions,
): Promise<BundleReport> {
  const problems: Problem[] = [];
  const unsealed: string[] = [];
  const digest = createDigest();
  let progress: Progress | undefined;
  let trailer: BundleTrailer | undefined;
  let number = 0;
  for await (const line of lines) {
    number++;
    if (number === 1) {
      progress = await begin(line, options, problems);
      if (!progress) break;
      digest.add(line);
      continue;
    }
    const parsed = trailer ? undefined : parseLine(line);
    if (progress && parsed?.type === 'entry') {
      if (parsed.seq === null) unsealed.push(parsed.id);
      const { type: _type, ...entry } = parsed;
      problems.push(...(await progress.walk.step(entry)));
      digest.add(line);
    } else if (parsed?.type === 'trailer') trailer = parsed;
    else {
      problems.push(problem('malformed', {}, `line ${number} is not a line of a bundle`));
      digest.add(line);
    }
  }
  if (number === 0) problems.push(problem('malformed', {}, 'the file is empty'));
  if (progress) problems.push(...(await endProblems(progress, trailer, digest.hex())));
  return {
    valid: problems.length === 0,
    organizationId: progress?.header.organizationId ?? null,
    sealed: progress?.walk.sealed ?? 0,
    unsealed,
    problems,
  };
}
