export { listVoices } from './speak-text.ts';
export { voiceIdSchema } from './speech.schemas.ts';
