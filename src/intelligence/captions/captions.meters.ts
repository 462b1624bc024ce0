import { INCLUDED_UNITS } from '../../identity/entitlements/index.ts';
import { defineMeter } from '../../kernel/modules/index.ts';
import { SPEECH_PROVIDER } from '../speech-usage/index.ts';
import { MODEL } from '../transcripts/index.ts';
import { captionsChanged } from './captions.events.ts';
import { selectCaptions } from './captions.queries.ts';

/** Each speaker counts: two people speaking for a minute at once are two minutes. */
export const captionMinutes = defineMeter({
  name: 'caption_minutes',
  feature: 'speech',
  unit: 'milliseconds',
  unitQuantity: INCLUDED_UNITS.caption_minutes,
  description:
    'Sound of speakers that was transcribed for live captions, each call once its captions have ended.',
  dimensions: ['room', 'call', 'provider', 'model'],
  event: captionsChanged,
  read: async (ctx, { captionId }) => {
    const [rows] = await ctx.read((q) => [selectCaptions(q, ctx.organizationId, captionId)]);
    return rows
      .filter(({ endedAt }) => endedAt !== null)
      .map(({ id, createdAt, transcribedMs, version, roomId, callId, requestedBy }) => ({
        key: id,
        occurredAtMs: createdAt.getTime(),
        quantity: transcribedMs,
        version,
        dimensions: { room: roomId, call: callId, provider: SPEECH_PROVIDER, model: MODEL },
        userId: requestedBy?.startsWith('usr_') ? requestedBy : null,
      }));
  },
});
