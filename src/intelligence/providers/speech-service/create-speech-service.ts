import type { SpeechService } from '../index.ts';
import {
  type ApiOptions,
  createEmbeddings,
  createSpeechToText,
  createTextToSpeech,
} from '../openai/index.ts';
import { createSoundSources } from './create-sound-sources.ts';
import { createTranslation } from './create-translation.ts';

export interface SpeechServiceOptions {
  url: string;
  secret: string;
}

/** The service at an address, for each organization in its turn; undefined without an address. */
export const createSpeechService = ({
  url,
  secret,
}: Partial<SpeechServiceOptions>): ((organizationId: string) => SpeechService) | undefined => {
  if (!url || !secret) return undefined;
  return (organizationId) => {
    const headers = { 'Speech-Group': organizationId };
    const options: ApiOptions = { provider: 'speech', apiUrl: url, secret, headers };
    return {
      sources: createSoundSources(options),
      speechToText: createSpeechToText(options),
      textToSpeech: createTextToSpeech(options, { hasVoices: true }),
      translation: createTranslation(options),
      embeddings: createEmbeddings(options, { sendsPurpose: true }),
    };
  };
};
