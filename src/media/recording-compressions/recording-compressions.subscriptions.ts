import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { wakeCompression } from '../file-compressions/index.ts';
import { recordingChanged } from '../recordings/index.ts';
import { compressBySetting } from './compress-recording.ts';
import { recordingCompressionRequested } from './recording-compressions.events.ts';

const compressOnceReady = async (
  ctx: Ctx,
  { recordingId, state }: { recordingId: string; state: string },
): Promise<void> => {
  if (state === 'ready') await compressBySetting(ctx, { recordingId });
};

export const recordingCompressionSubscriptions: readonly Subscription[] = [
  subscribe(recordingCompressionRequested, 'recording-compressions.wake', wakeCompression),
  subscribe(recordingChanged, 'recording-compressions.start', compressOnceReady),
];
