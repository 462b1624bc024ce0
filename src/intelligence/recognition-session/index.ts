export { RecognitionSession } from './recognition-session.ts';
export type { RecognitionRuntime } from './recognition-runtime.ts';
