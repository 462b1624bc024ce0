import type { SpeechService } from '../index.ts';
import {
  type ApiOptions,
  createEmbeddings,
  createSpeechToText,
  createTextToSpeech,
} from '../openai/index.ts';
import { createSoundSources } from './create-sound-sources.ts';
import { createTranslation } from './create-translation.ts';
import { type ConnectSocket, createOpenSpeechSession } from './open-speech-session.ts';

export interface SpeechServiceOptions {
  url: string;
  secret: string;
  /** Without it, live speech is not recognized. */
  connect?: ConnectSocket;
}

/** The service at an address, for each organization in turn; undefined without an address. */
export const createSpeechService = ({
  url,
  secret,
  connect,
}: Partial<SpeechServiceOptions>): ((organizationId: string) => SpeechService) | undefined => {
  if (!url || !secret) return undefined;
  return (organizationId) => {
    const headers = { 'Speech-Group': organizationId };
    const options: ApiOptions = { provider: 'speech', apiUrl: url, secret, headers };
    const socketHeaders = { ...headers, Authorization: `Bearer ${secret}` };
    const open =
      connect &&
      createOpenSpeechSession({ provider: 'speech', apiUrl: url, headers: socketHeaders, connect });
    return {
      sources: createSoundSources(options),
      speechToText: { ...createSpeechToText(options), ...(open && { open }) },
      textToSpeech: createTextToSpeech(options, { hasVoices: true }),
      translation: createTranslation(options),
      embeddings: createEmbeddings(options, { sendsPurpose: true }),
    };
  };
};
