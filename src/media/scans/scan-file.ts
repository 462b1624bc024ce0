import type { Ctx } from '../../kernel/context/index.ts';
import {
  fileKey,
  type FileRow,
  fileScanned,
  recordScan,
  type ScanStatus,
  selectStoredFile,
} from '../files/index.ts';
import { type ScanResult, ScanTooLong } from './scans.ports.ts';

/** What a scan takes: larger files take longer than a subscriber may. */
export const MAX_SCAN_BYTES = 1_000_000_000;
/** Less than the subscriber has. */
const UPLOADED_LIMIT_MS = 35_000;

/** Passes bytes on and hashes them. */
function createHashing({ ports }: Ctx) {
  const hash = ports.createSha256();
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      hash.update(chunk);
      controller.enqueue(chunk);
    },
  });
  return { stream, digest: () => hash.digest() };
}

/** Reads bytes to their end, for their hash alone. */
async function readUnscanned(body: ReadableStream<Uint8Array>): Promise<'unscanned'> {
  await body.pipeTo(new WritableStream());
  return 'unscanned';
}

async function scanBytes(
  ctx: Ctx,
  file: FileRow,
  timeLimitMs: number,
): Promise<{ verdict: ScanResult; checksum: string | null }> {
  const options = { organizationId: file.organizationId, timeLimitMs };
  const { scanner } = ctx.ports;
  if (!scanner && file.checksum !== null) return { verdict: 'unscanned', checksum: file.checksum };
  if (file.sizeBytes > MAX_SCAN_BYTES) return { verdict: 'failed', checksum: file.checksum };
  const object = await ctx.ports.objects.get(fileKey(file));
  if (!object) throw new Error(`${fileKey(file)} is not in object storage`);
  if (file.checksum !== null)
    return { verdict: await scanner!.scan(object.body, options), checksum: file.checksum };
  const { stream, digest } = createHashing(ctx);
  const hashed = object.body.pipeThrough(stream);
  const verdict = scanner ? await scanner.scan(hashed, options) : await readUnscanned(hashed);
  return { verdict, checksum: digest() };
}

/** Stores what the scanner found. */
export function storeVerdict(
  ctx: Ctx,
  file: FileRow,
  scanStatus: ScanResult,
  checksum: string | null,
): Promise<void> {
  const { id: fileId, name } = file;
  return ctx.commit({
    write: (q) => [recordScan(q, file, { scanStatus, checksum })],
    audit:
      scanStatus === 'infected'
        ? {
            action: 'file.infected',
            severity: 'warning',
            target: { type: 'file', id: fileId },
            before: { name },
          }
        : [],
    events: [fileScanned.of({ fileId })],
    result: undefined,
  });
}

/** Statuses that wait for a scan; with a scanner also that of files stored when there was none. */
export const waitingStatuses = ({ ports: { scanner } }: Pick<Ctx, 'ports'>): readonly ScanStatus[] =>
  scanner ? ['pending', 'unscanned'] : ['pending'];

/**
 * Scans a waiting file, and stores the verdict. A file without a checksum gets one on the way.
 * @throws what the scanner or object storage fails with
 */
export async function scanFile(ctx: Ctx, { fileId }: { fileId: string }, timeLimitMs: number): Promise<void> {
  const [[file]] = await ctx.read((q) => [selectStoredFile(q, ctx.organizationId, fileId)]);
  if (!file || !waitingStatuses(ctx).includes(file.scanStatus)) return;
  const { verdict, checksum } = await scanBytes(ctx, file, timeLimitMs);
  await storeVerdict(ctx, file, verdict, checksum);
}

/**
 * Scans an uploaded file. A scan that takes longer than a delivery is left to the sweep at once, because each repetition would
 * begin again and occupy the scanner.
 * @throws other errors of the scan; the delivery is repeated
 */
export async function scanUploaded(ctx: Ctx, payload: { fileId: string }): Promise<void> {
  try {
    await scanFile(ctx, payload, UPLOADED_LIMIT_MS);
  } catch (error) {
    if (!(error instanceof ScanTooLong)) throw error;
    ctx.log.info('scans.left_to_sweep', payload);
  }
}
