import { MODEL } from '../transcripts/index.ts';

/** What is counted of the speech service where it is asked while somebody waits. */
export const SPEECH_METERS = ['spoken_characters', 'translated_characters', 'recognized_minutes'] as const;
export type SpeechMeter = (typeof SPEECH_METERS)[number];

/** As prices and usage name the speech service. */
export const SPEECH_PROVIDER = 'speech';

/** The model of each meter, by the name that the speech service gives it. */
export const SPEECH_MODELS: Readonly<Record<SpeechMeter, string>> = {
  spoken_characters: 'en_US-joe-medium',
  translated_characters: 'apertium',
  recognized_minutes: MODEL,
};
