import { entitlementErrors } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { authErrors, isError, isStale } from '../../kernel/core/index.ts';
import { closeSpoken, findAsker, requireReporting, type SpokenEnd } from '../captions/index.ts';
import { type Sound, speakText } from '../speech/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { liveTranslationErrors } from './live-translations.errors.ts';
import type { SpeakTranslation } from './live-translations.schemas.ts';
import { takeTurn } from './take-turn.ts';

/** Sentences of one call that are spoken, in all languages together. */
const MOST_PER_MINUTE = 120;

/** Why nothing more can be spoken after a refusal, as people are shown it; undefined: the next sentence can be. */
function endOf(error: unknown): SpokenEnd | undefined {
  if (isError(error, speechErrors.outOfBudget, speechErrors.priceUnknown)) return 'out_of_budget';
  if (isError(error, entitlementErrors.limitReached)) return 'limit_reached';
  if (isError(error, entitlementErrors.featureNotIncluded)) return 'not_included';
  return isError(error, authErrors.forbidden, liveTranslationErrors.askerGone) ? 'asker_gone' : undefined;
}

const TEXTS: Readonly<Record<SpokenEnd, string>> = {
  removed: 'Spoken translation has ended: it was removed from the call.',
  out_of_budget: 'Spoken translation has ended: the budget for AI does not cover it.',
  limit_reached: 'Spoken translation has ended: the plan includes no more of it.',
  asker_gone: 'Spoken translation has ended: the person who opened it may no longer use it.',
  not_included: 'Spoken translation has ended: the plan does not include it.',
};

type Running = Parameters<typeof closeSpoken>[1];

/** Closes the spoken channels, and says why to everybody in the room. */
async function closeChannels(ctx: Ctx, captions: Running, reason: SpokenEnd): Promise<void> {
  try {
    await ctx.commit(closeSpoken(ctx, captions, reason));
  } catch (error) {
    // A host changed the captions at this moment, or another sentence closed them: the next sentence tries again.
    if (!isStale(error)) throw error;
    return;
  }
  await ctx.ports.liveRooms.apply(captions.roomId, [
    {
      type: 'notice',
      key: `captions/${captions.id}/spoken/${captions.version}`,
      atMs: ctx.clock.now(),
      level: 'warning',
      code: 'captions.spoken_ended',
      text: TEXTS[reason],
      to: null,
    },
  ]);
}

/**
 * The sound of a translated caption, by the voice of the language, in the name of the member who opened the channel. Its
 * characters are counted to the call. When budget or plan do not cover them, the channels close.
 * @throws AppError `auth.*`, `captions.*`, `live_translations.*`, `voices.*`, `speech.*`, `billing.*`
 */
export async function speakTranslation(
  ctx: Ctx,
  authorization: string,
  { text, language }: SpeakTranslation,
): Promise<Sound> {
  const found = await requireReporting(ctx, authorization);
  const { own, captions } = found;
  const channel = captions.speakIn.find((each) => each.language === language);
  if (!channel || found.isConsentNeeded) throw liveTranslationErrors.noChannel();
  await takeTurn(own, { name: `spoken-${captions.id}`, perMinute: MOST_PER_MINUTE });
  const { roomId, callId } = captions;
  try {
    const asker = await findAsker(own, found);
    if (!asker) throw liveTranslationErrors.askerGone();
    return await speakText(
      asker,
      { text, voice: channel.voice, format: 'wav', speed: 1 },
      { roomId, callId },
    );
  } catch (error) {
    const reason = endOf(error);
    if (reason) await closeChannels(own, captions, reason);
    throw error;
  }
}
