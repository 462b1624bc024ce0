import type { Ctx } from '../../kernel/context/index.ts';
import type { RoomAccessRequest } from '../../rooms/access/index.ts';
import { openBucket, signDownload } from '../buckets/index.ts';
import type { Recording } from '../recordings/index.ts';
import { noteOpening } from './note-opening.ts';
import { findDownload, requireFile } from './require-file.ts';
import { LIFE_SECONDS, signAddress } from './signed-address.ts';

/**
 * An address from which the recording can be downloaded for an hour: at its bucket, or at the product.
 * @throws AppError as `findDownload` and `requireFile`
 */
export async function getDownload(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
): Promise<{ recording: Recording; url: string; expiresAt: Date }> {
  const found = await findDownload(ctx, request, recordingId);
  await requireFile(found);
  const { recording, bucket } = found;
  const url = bucket
    ? await signDownload(ctx, await openBucket(ctx, bucket), recording.objectKey, LIFE_SECONDS)
    : await signAddress(ctx, recording);
  noteOpening(ctx, recording);
  return { recording, url, expiresAt: new Date(ctx.clock.now() + LIFE_SECONDS * 1000) };
}
