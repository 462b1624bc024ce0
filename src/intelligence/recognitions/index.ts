export type * from './recognitions.ports.ts';
export {
  MAX_RECOGNITION_TEXT_BYTES,
  MAX_SOUND_BYTES,
  RECOGNITION_CLOSE_CODES,
  RECOGNITION_SUBPROTOCOL,
  type RecognitionClientFrame,
  recognitionClientFrames,
  recognitionClientFrameSchema,
  type RecognitionCloseName,
  type RecognitionResult,
  type RecognitionServerFrame,
} from './recognition-frames.schemas.ts';
export type { RecognitionEndReason, SoundEncoding } from './recognitions.enums.ts';
export { recognitionErrors } from './recognitions.errors.ts';
