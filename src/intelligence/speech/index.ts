export { chooseVoices, type LanguageVoice } from './choose-voices.ts';
export { listVoices, type Sound, speakText } from './speak-text.ts';
export { voiceErrors } from './speech.errors.ts';
export { voiceIdSchema } from './speech.schemas.ts';
