import type { Format } from './frames.rules.ts';

/** The answer of the codec's process for a compressed frame. */
export interface CompressedFrame {
  data: Uint8Array;
  codec: string;
  isKeyframe: boolean;
  preset: number;
  crf: number;
  /** Quality that was measured since the last answer, and of which frame of the session. */
  measured: { ssim: number; frame: number } | undefined;
}

export interface RestoredFrame {
  data: Uint8Array;
  codec: string;
  width?: number;
  height?: number;
  sampleRate?: number;
  channels?: number;
}

/** How a frame is wanted that is made whole. */
export interface WantedFrame {
  codec: string;
  maxBytes: number;
  sampleRate: number;
  channels: number;
}

/** The codec of one session. */
export interface FrameCodec<Result> {
  /** @throws Refusal for a bad frame */
  process(data: Uint8Array, wanted: WantedFrame): Promise<Result>;
  /** The next frame must be decoded without those before. */
  reset(): void;
  close(): void;
}

export type WorkerMessage =
  | { type: 'compress'; session: string; format: Format; data: Uint8Array; reset: boolean }
  | {
      type: 'restore';
      session: string;
      reset: boolean;
      isSingle: boolean;
      codec: string;
      data: Uint8Array;
      wanted: WantedFrame;
    }
  | { type: 'close'; session: string }
  | { type: 'ping' };
