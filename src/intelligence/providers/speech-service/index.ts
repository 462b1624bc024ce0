export { createSpeechService, type SpeechServiceOptions } from './create-speech-service.ts';
