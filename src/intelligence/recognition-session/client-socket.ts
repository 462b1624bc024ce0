import { utf8 } from '../../kernel/core/index.ts';
import {
  type FrameReading,
  isFrameTooLarge,
  MAX_BUFFERED_BYTES,
  readFrame,
  type SocketHandle,
} from '../../realtime/sockets/index.ts';
import {
  MAX_RECOGNITION_TEXT_BYTES,
  MAX_SOUND_BYTES,
  RECOGNITION_CLOSE_CODES,
  type RecognitionClientFrame,
  recognitionClientFrames,
  recognitionClientFrameSchema,
  type RecognitionCloseName,
  type RecognitionServerFrame,
} from '../recognitions/index.ts';

const TYPES = new Set<string>(recognitionClientFrames.map(({ shape }) => shape.type.value));

/** A message of a client: a frame, sound, or one that closes its socket. */
export type ClientMessage =
  | FrameReading<RecognitionClientFrame>
  | { sound: Uint8Array }
  | { close: RecognitionCloseName };

export function readMessage(data: string | ArrayBuffer): ClientMessage {
  if (typeof data !== 'string')
    return data.byteLength > MAX_SOUND_BYTES ? { close: 'tooLarge' } : { sound: new Uint8Array(data) };
  if (isFrameTooLarge(data, MAX_RECOGNITION_TEXT_BYTES)) return { close: 'tooLarge' };
  return readFrame(data, recognitionClientFrameSchema, TYPES);
}

export function closeSocket(socket: SocketHandle, name: RecognitionCloseName): void {
  const { code, reason } = RECOGNITION_CLOSE_CODES[name];
  socket.close(code, reason);
}

/**
 * Sends a frame. A socket that reads too slowly is closed, and its client continues with another one.
 * @returns whether it was sent
 */
export function sendFrame(socket: SocketHandle, frame: RecognitionServerFrame): boolean {
  if (socket.readyState !== 1) return false;
  const text = JSON.stringify(frame);
  if ((socket.bufferedAmount ?? 0) + utf8(text).length > MAX_BUFFERED_BYTES) {
    closeSocket(socket, 'lagging');
    return false;
  }
  socket.send(text);
  return true;
}
