import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { fileScanned } from '../files/index.ts';
import { compressBySetting } from './compress-file.ts';
import type { CompressionState } from './file-compressions.enums.ts';
import { compressionEnded, compressionRequested } from './file-compressions.events.ts';

/** Makes the live object of a compression advance it. */
export const wakeCompression = (
  { ports, organizationId }: Ctx,
  { compressionId }: { compressionId: string },
): Promise<void> => ports.fileCompressors.wake({ organizationId, compressionId });

/** Cleans up after a cancelled compression; for all others, the live object has seen the end itself. */
const wakeCancelledCompression = async (
  ctx: Ctx,
  payload: { compressionId: string; state: CompressionState },
): Promise<void> => {
  if (payload.state === 'cancelled') await wakeCompression(ctx, payload);
};

export const fileCompressionSubscriptions: readonly Subscription[] = [
  subscribe(compressionRequested, 'file-compressions.wake', wakeCompression),
  subscribe(compressionEnded, 'file-compressions.clean_up', wakeCancelledCompression),
  subscribe(fileScanned, 'file-compressions.start', compressBySetting),
];
