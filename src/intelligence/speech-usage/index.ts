export { speechErrors } from './speech-usage.errors.ts';
export { SPEECH_MODELS, SPEECH_PROVIDER, type SpeechMeter } from './speech-usage.enums.ts';
export { agentSpeechEvent, translatedEvent } from './usage-events.ts';
export {
  countSpeech,
  readSpeech,
  reserveSpeech,
  speechErrorOf,
  useCounted,
  useSpeech,
} from './use-speech.ts';
