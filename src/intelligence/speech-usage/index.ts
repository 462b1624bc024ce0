export { speechErrors } from './speech-usage.errors.ts';
export { SPEECH_MODELS, SPEECH_PROVIDER } from './speech-usage.enums.ts';
export { countSpeech, readSpeech, reserveSpeech, translatedEvent, useSpeech } from './use-speech.ts';
