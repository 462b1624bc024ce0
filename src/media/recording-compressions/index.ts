export { endRecordingCompression } from './end-recording-compression.ts';
