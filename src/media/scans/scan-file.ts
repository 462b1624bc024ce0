import { sha256 } from '@noble/hashes/sha2.js';
import type { Ctx } from '../../kernel/context/index.ts';
import { hex } from '../../kernel/core/index.ts';
import { fileKey, type FileRow, fileScanned, recordScan, selectStoredFile } from '../files/index.ts';
import type { ScanVerdict } from './scans.ports.ts';

/** What a scan takes: larger files take longer than a subscriber may. */
export const MAX_SCAN_BYTES = 1_000_000_000;

/** Passes bytes on and hashes them. */
function createHashing() {
  const hash = sha256.create();
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      hash.update(chunk);
      controller.enqueue(chunk);
    },
  });
  return { stream, digest: () => hex(hash.digest()) };
}

async function scanBytes(
  ctx: Ctx,
  file: FileRow,
): Promise<{ verdict: ScanVerdict; checksum: string | null }> {
  if (file.sizeBytes > MAX_SCAN_BYTES) return { verdict: 'failed', checksum: file.checksum };
  const object = await ctx.ports.objects.get(fileKey(file));
  if (!object) throw new Error(`${fileKey(file)} is not in object storage`);
  if (file.checksum !== null)
    return { verdict: await ctx.ports.scanner.scan(object.body), checksum: file.checksum };
  const { stream, digest } = createHashing();
  const verdict = await ctx.ports.scanner.scan(object.body.pipeThrough(stream));
  return { verdict, checksum: digest() };
}

/** Stores what the scanner found. */
export function storeVerdict(
  ctx: Ctx,
  file: FileRow,
  scanStatus: ScanVerdict,
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

/**
 * Scans a file that has not been scanned, and stores the verdict. What has no checksum yet gets one on the way.
 * @throws what the scanner or object storage fails with; the delivery is repeated
 */
export async function scanFile(ctx: Ctx, { fileId }: { fileId: string }): Promise<void> {
  const [[file]] = await ctx.read((q) => [selectStoredFile(q, ctx.organizationId, fileId)]);
  if (!file || file.scanStatus !== 'pending') return;
  const { verdict, checksum } = await scanBytes(ctx, file);
  await storeVerdict(ctx, file, verdict, checksum);
}
