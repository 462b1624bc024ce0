export { createSpeechService, type SpeechServiceOptions } from './create-speech-service.ts';
export type { ClientSocket, ConnectSocket } from './open-speech-session.ts';
