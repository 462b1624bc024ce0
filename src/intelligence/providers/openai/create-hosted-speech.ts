import type { HostedRecognition, HostedVoices } from '../index.ts';
import { OPENAI_URL } from './create-chat.ts';
import { createSpeechToText } from './create-speech-to-text.ts';
import { createTextToSpeech } from './create-text-to-speech.ts';

/**
 * Uses the model `tts-1`, which is charged by characters; other models of OpenAI are charged by tokens that are not
 * reported.
 */
const MODEL = 'tts-1';
const VOICES = ['alloy', 'ash', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer'];

/** The voices of OpenAI, whose API has no list of them. They speak the language of the text. */
export const createHostedVoices = (apiUrl: string = OPENAI_URL): HostedVoices => ({
  provider: 'openai',
  model: MODEL,
  voices: VOICES.map((id) => ({ id, name: id[0]!.toUpperCase() + id.slice(1), language: 'mul' })),
  of: ({ secret }) => createTextToSpeech({ provider: 'openai', apiUrl, secret }),
});

export const createHostedRecognition = (apiUrl: string = OPENAI_URL): HostedRecognition => ({
  provider: 'openai',
  of: ({ secret }) => createSpeechToText({ provider: 'openai', apiUrl, secret }),
});
