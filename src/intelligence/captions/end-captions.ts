import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { endCallTranscription, transcriptionFinished } from '../transcripts/index.ts';
import type { CaptionEndReason } from './captions.enums.ts';
import { captionsChanged } from './captions.events.ts';
import { changeCaptions } from './captions.queries.ts';
import type { CallCaptions } from './captions.tables.ts';

/** The commit that ends captions and their transcript, with the contents of a last report. */
export function endOf(
  ctx: Ctx,
  running: CallCaptions,
  endReason: CaptionEndReason,
  also: Partial<CallCaptions> = {},
) {
  const now = new Date(ctx.clock.now());
  const { id: captionId, organizationId, roomId, callId, transcriptionId } = running;
  const finished =
    transcriptionId === null
      ? []
      : [transcriptionFinished.of({ transcriptionId, state: 'ready', reason: null })];
  return {
    write: (q: Queries) => [
      changeCaptions(q, running, { ...also, endReason, endedAt: now, updatedAt: now }),
      ...(transcriptionId === null
        ? []
        : [
            endCallTranscription(
              q,
              { organizationId, id: transcriptionId },
              {
                endedAt: now,
                durationMs: now.getTime() - running.createdAt.getTime(),
              },
            ),
          ]),
    ],
    audit: {
      action: 'captions.ended',
      target: { type: 'room', id: roomId } as const,
      after: { captionId, callId, endReason },
    },
    events: [captionsChanged.of({ captionId, roomId, callId, endReason }), ...finished],
    result: undefined,
  };
}

/** Why translations are no longer spoken, although captions continue. */
export type SpokenEnd = 'removed' | 'out_of_budget' | 'limit_reached' | 'not_included' | 'asker_gone';

/** The commit that closes the spoken channels of captions. The event shows it in the room. */
export function closeSpoken(ctx: Ctx, running: CallCaptions, reason: SpokenEnd) {
  const { id: captionId, roomId, callId } = running;
  const now = new Date(ctx.clock.now());
  return {
    write: (q: Queries) => [changeCaptions(q, running, { speakIn: [], spokenSince: null, updatedAt: now })],
    audit: {
      action: 'captions.spoken_ended',
      target: { type: 'room', id: roomId } as const,
      after: { captionId, callId, reason },
    },
    events: [captionsChanged.of({ captionId, roomId, callId, endReason: null })],
    result: undefined,
  };
}
