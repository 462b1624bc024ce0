import type { Ctx } from '../../kernel/context/index.ts';
import { findAsker, requireReporting } from '../captions/index.ts';
import { glossariesTo, LANGUAGES, selectGlossaries, translateByModel } from '../translations/index.ts';
import { liveTranslationErrors } from './live-translations.errors.ts';
import type { TranslateCaption, TranslatedCaption } from './live-translations.schemas.ts';
import { takeTurn } from './take-turn.ts';

/** A later translation would come after the next sentences. */
const WAIT_MS = 5_000;
/** Captions of one call that models are asked about, in all languages together. */
const MOST_PER_MINUTE = 120;

/**
 * Translates a caption by a model, in the name of the member who chose one for the captions, as a generation of theirs
 * for the call. An answer that takes too long is cancelled.
 * @throws AppError `auth.*`, `captions.*`, `live_translations.*`, `translations.*`, `ai.*`, `billing.*`
 */
export async function translateCaption(
  ctx: Ctx,
  authorization: string,
  { text, from: spoken, to, context }: TranslateCaption,
): Promise<TranslatedCaption> {
  const found = await requireReporting(ctx, authorization);
  const { own, captions } = found;
  const asker = captions.translateBy === 'rules' ? null : await findAsker(own, found);
  if (!asker) throw liveTranslationErrors.noModel();
  await takeTurn(own, { name: `translations-${captions.id}`, perMinute: MOST_PER_MINUTE });
  const [glossaries] = await own.read((q) => [selectGlossaries(q, captions.organizationId)]);
  const { data, provider, model } = await translateByModel(
    asker,
    {
      texts: [text],
      from: LANGUAGES.find((each) => each === spoken),
      to,
      context,
      engine: 'model',
      model: captions.translationModel ?? undefined,
      glossary: true,
      formality: 'default',
    },
    glossariesTo(glossaries, to),
    { origin: { room: captions.roomId, call: captions.callId }, waitMs: WAIT_MS },
  );
  return { text: data[0]!.text, provider, model };
}
