import { callEnded } from '../../calls/calls/index.ts';
import { streamReported } from '../../calls/sync/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { advanceStream } from './advance-stream.ts';
import { streamBegun, streamChanged, streamFollowed } from './streams.events.ts';
import { followStreamReports } from './sweep-streams.ts';

const advance = async (ctx: Ctx, { streamId }: { streamId: string }) => {
  await advanceStream(ctx, streamId);
};

export const streamSubscriptions: readonly Subscription[] = [
  subscribe(streamChanged, 'streams.advance', advance),
  subscribe(streamFollowed, 'streams.look', advance),
  subscribe(streamBegun, 'streams.begin-again', advance),
  subscribe([streamReported, callEnded], 'streams.follow', followStreamReports),
];
