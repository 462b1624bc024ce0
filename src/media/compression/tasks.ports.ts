/** What videos are encoded with. */
export const COPY_CODECS = ['av1', 'h264'] as const;
export type CopyCodec = (typeof COPY_CODECS)[number];

/** SSIM that a copy can be asked to reach. */
export const COPY_SSIM = { least: 0.8, most: 0.995 } as const;

/** The requirements of a copy. */
export type CompressionSettings =
  | { kind: 'video'; codec: CopyCodec; container: 'mp4' | 'webm'; minSsim: number }
  | { kind: 'image'; format: 'avif' | 'webp'; minSsim: number };

export const TASK_STAGES = ['waiting', 'reading', 'searching', 'encoding', 'verifying', 'writing'] as const;
export type TaskStage = (typeof TASK_STAGES)[number];

/** Why no copy takes the place of the original. */
export const KEPT_REASONS = ['not_smaller', 'quality_not_reached', 'copy_differs'] as const;
export type KeptReason = (typeof KEPT_REASONS)[number];

/** Measurements of the copy, decoded in full and compared with the original, frame by frame. */
export interface CompressionFigures {
  /** Bytes of the copy, even if it was not kept; 0 when there was none. */
  copyBytes: number;
  /** What made it: `svt-av1`, `x264`, `avif`, `webp`. */
  codec: string;
  /** Its preset or effort; missing in figures from before it was recorded. */
  preset?: string;
  /** Mean SSIM of luma. */
  ssim: number;
  /** SSIM of the worst frame. */
  lowestSsim: number;
  /** In dB. */
  xpsnrDb: number;
  framesCompared: number;
  /** 0 for an image. */
  durationSeconds: number;
  /** In pixels. */
  width: number;
  height: number;
  /** CPU time of search, encoding and comparison. */
  cpuSeconds: number;
}

export interface CompressedCopy {
  sizeBytes: number;
  /** SHA-256 in hex. */
  checksum: string;
  contentType: string;
}

/** Why a task failed: `unknown` and `exhausted` may pass; with `source_differs` other bytes arrived than were meant. */
export type TaskFailure = 'refused' | 'exhausted' | 'too_long' | 'source_differs' | 'unknown';

export type TaskState =
  | { kind: 'running'; stage: TaskStage; /** Of the stage, 0 to 1. */ fraction: number }
  | { kind: 'kept'; reason: KeptReason; detail: string; figures: CompressionFigures }
  | { kind: 'compressed'; copy: CompressedCopy; figures: CompressionFigures }
  | { kind: 'failed'; failure: TaskFailure; detail: string };

/** A piece of the content that a task works on. */
export interface SourcePiece {
  body: ReadableStream<Uint8Array>;
  offset: number;
  length: number;
  /** Size of the whole content. */
  sizeBytes: number;
}

export interface CompressionTask {
  taskId: string;
  settings: CompressionSettings;
  /** SHA-256 of the source in hex; null when it is not known. */
  checksum: string | null;
  /** Owners take turns where tasks wait. */
  organizationId: string;
}

/**
 * Work of the compression service that outlasts a request: its source is sent in pieces, its state is polled, and its copy is fetched in
 * pieces. The service forgets a task for which nobody asks, and all of them when it is started again.
 */
export interface CompressionTasks {
  /** How many bytes of the source are at the service. */
  findOffset(taskId: string): Promise<number>;
  /** Sends the piece that begins where the service has ended. @throws MediaRefused when the content is too large */
  sendPiece(taskId: string, piece: SourcePiece): Promise<void>;
  /**
   * Starts the task, or changes nothing when it exists.
   * @throws MediaRefused for settings that the service does not take
   */
  start(task: CompressionTask): Promise<void>;
  /** @returns undefined for a task that the service does not know */
  find(taskId: string): Promise<TaskState | undefined>;
  /** Reads a part of the copy, compared with the service's digest of it. */
  readCopy(taskId: string, range: { offset: number; length: number }): Promise<Uint8Array<ArrayBuffer>>;
  /** Ends the work, and deletes source and copy; for an unknown task too. */
  end(taskId: string): Promise<void>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    /** Undefined where no service is configured. */
    compressionTasks: CompressionTasks | undefined;
  }
}
