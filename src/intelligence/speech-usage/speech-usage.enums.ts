import { MODEL } from '../transcripts/index.ts';

/** The use of the speech service that is counted when a caller waits for it. */
export const SPEECH_METERS = ['spoken_characters', 'translated_characters', 'recognized_minutes'] as const;
export type SpeechMeter = (typeof SPEECH_METERS)[number];

/** The provider name of the speech service in prices and usage. */
export const SPEECH_PROVIDER = 'speech';

/** The model of each meter, with the name that the speech service gives it. */
export const SPEECH_MODELS: Readonly<Record<SpeechMeter, string>> = {
  spoken_characters: 'en_US-joe-medium',
  translated_characters: 'apertium',
  recognized_minutes: MODEL,
};
