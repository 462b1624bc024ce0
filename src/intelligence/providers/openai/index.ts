export { type ApiOptions, callApi, readAnswer } from './call-api.ts';
export { createCompatible } from './create-compatible.ts';
export { askCompletions, createOpenAi, OPENAI_URL } from './create-chat.ts';
export { createEmbeddings } from './create-embeddings.ts';
export { createSpeechToText } from './create-speech-to-text.ts';
export { createHostedRecognition, createHostedVoices } from './create-hosted-speech.ts';
export { createTextToSpeech } from './create-text-to-speech.ts';
