import type { Ctx } from '../../kernel/context/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { readSpeech, speechErrors } from '../speech-usage/index.ts';
import { describeLanguages, type LanguageList, type SpeechAbilities } from './languages.rules.ts';
import { canAskModel } from './model-engine.ts';

const readAbilities = (ctx: Ctx): Promise<SpeechAbilities> =>
  readSpeech(ctx, async ({ textToSpeech, translation }, signal) => {
    const [voices, pairs] = await Promise.all([
      textToSpeech.listVoices?.(signal) ?? [],
      translation.listLanguages(signal),
    ]);
    return { voices, pairs };
  });

/**
 * What each language can be used for, according to the engines now. A speech service that is not available is ignored
 * if there is a model.
 * @throws AppError `speech.*`, `auth.forbidden` without `ai:read`
 */
export async function listLanguages(ctx: Ctx): Promise<LanguageList> {
  const asked = readAbilities(ctx).catch((error: unknown) => {
    if (isError(error, speechErrors.degraded, speechErrors.busy)) return error;
    throw error;
  });
  const [abilities, hasModel] = await Promise.all([asked, canAskModel(ctx)]);
  const isAway = abilities instanceof Error;
  if (isAway && !hasModel) throw abilities;
  return describeLanguages(isAway ? null : abilities, hasModel);
}
