import type { Ctx } from '../../kernel/context/index.ts';
import { isProductStorageProven, type RecordingLocation } from '../recording-objects/index.ts';
import { recordingErrors } from '../recordings/index.ts';
import { chooseStorage, type FoundStorage } from './recording-requests.rules.ts';

/**
 * Where a recording is stored: of the product's storage only once it is proven that what recorders write arrives there.
 * @throws AppError as `chooseStorage`, or `server.unavailable` when that storage does not answer
 */
export async function choosePlace(
  ctx: Ctx,
  found: readonly FoundStorage[],
  bucketId: string | undefined,
): Promise<RecordingLocation> {
  const place = chooseStorage(ctx.config, found, bucketId);
  if (place.storage === 'product' && !(await isProductStorageProven(ctx))) throw recordingErrors.noStorage();
  return place;
}
