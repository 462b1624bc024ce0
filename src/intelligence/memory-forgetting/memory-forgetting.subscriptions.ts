import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { fileDeleted, fileUpdated } from '../../media/files/index.ts';
import { recordingChanged } from '../../media/recordings/index.ts';
import { chatMessageDeleted } from '../../messaging/chat/index.ts';
import { roomDeleted } from '../../rooms/rooms/index.ts';
import { forgetOfRoom } from '../memory/index.ts';
import { forgetLostSources, forgetLostTranscripts } from './memory-forgetting.queries.ts';

/** Forgetting twice changes nothing, because the present state decides. */
const forget = async (ctx: Ctx, ...writes: ((q: Queries) => Statement)[]): Promise<void> =>
  ctx.commit({ write: (q) => writes.map((write) => write(q)), result: undefined });

export const memoryForgettingSubscriptions: readonly Subscription[] = [
  subscribe(chatMessageDeleted, 'memory-forgetting.forget-messages', (ctx, { messageIds }) =>
    forget(ctx, (q) => forgetLostSources(q, ctx.organizationId, 'message', messageIds)),
  ),
  subscribe([fileDeleted, fileUpdated], 'memory-forgetting.forget-file', (ctx, { fileId }) =>
    forget(
      ctx,
      (q) => forgetLostSources(q, ctx.organizationId, 'file', [fileId]),
      (q) => forgetLostTranscripts(q, ctx.organizationId, [fileId]),
    ),
  ),
  subscribe(recordingChanged, 'memory-forgetting.forget-recording', async (ctx, { recordingId, state }) => {
    if (state === 'deleted' || state === 'expired')
      await forget(
        ctx,
        (q) => forgetLostSources(q, ctx.organizationId, 'recording', [recordingId]),
        (q) => forgetLostTranscripts(q, ctx.organizationId, [recordingId]),
      );
  }),
  subscribe(roomDeleted, 'memory-forgetting.forget-room', (ctx, { roomId }) =>
    forget(ctx, (q) => forgetOfRoom(q, ctx.organizationId, roomId)),
  ),
];
