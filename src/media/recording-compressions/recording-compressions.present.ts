import { type FileCompression, presentProgress } from '../file-compressions/index.ts';
import type { RecordingCompressionView } from './recording-compressions.schemas.ts';

export const presentCompression = (compression: FileCompression): RecordingCompressionView => ({
  ...presentProgress(compression),
  recordingId: compression.recordingId!,
});
