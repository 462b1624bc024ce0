import type { Ctx } from '../../kernel/context/index.ts';
import { listAllVoices } from './speak-text.ts';
import { voiceErrors } from './speech.errors.ts';

/** A language that is spoken, by a voice. */
export interface LanguageVoice<L extends string> {
  language: L;
  voice: string;
}

/**
 * The voice of each language: the named one, whatever its language is, or else the first one of the language.
 * @throws AppError `voices.not_found`, `voices.none_for_language`, `speech.*`, `auth.forbidden` without `ai:read`
 */
export async function chooseVoices<L extends string>(
  ctx: Ctx,
  wanted: readonly { language: L; voice?: string | undefined }[],
): Promise<LanguageVoice<L>[]> {
  const voices = wanted.length === 0 ? [] : await listAllVoices(ctx);
  return wanted.map(({ language, voice }) => {
    if (voice !== undefined && !voices.some(({ id }) => id === voice)) throw voiceErrors.notFound();
    const chosen = voice ?? voices.find((each) => each.language.split('-')[0] === language)?.id;
    if (chosen === undefined)
      throw voiceErrors.noneForLanguage({ detail: `no voice of the service speaks ${language}: name one` });
    return { language, voice: chosen };
  });
}
