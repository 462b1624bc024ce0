/** Requests to the process of an object. All paths are of local files. */

export interface ImageTask {
  type: 'image';
  input: string;
  output: string;
  format: 'avif' | 'webp';
  minSsim: number;
}

export interface VariantsTask {
  type: 'variants';
  input: string;
  variants: {
    format: 'avif' | 'webp' | 'jpeg';
    maxWidth: number;
    maxHeight: number;
    quality: number;
    output: string;
  }[];
  blurhash: boolean;
}

/** The target of a recording, made in steps that its process is asked for one by one (`compress-video.ts`). */
export interface VideoTask {
  type: 'video';
  input: string;
  output: string;
  codec: 'av1' | 'h264';
  container: 'mp4' | 'webm';
  minSsim: number;
  minXpsnr: number;
  /** Preset of SVT-AV1; 0: chosen by size and length. */
  preset: number;
}

/** Reads the properties of a recording. */
export interface InspectTask {
  type: 'inspect';
  input: string;
}

/** The quality of an encoding of a recording, or of some frames of it; one of `every` is compared. */
export interface MeasureTask {
  type: 'measure';
  video: VideoTask;
  setting: number;
  part: { atSeconds: number; frames: number } | undefined;
  every: number;
}

/** A whole copy. */
export interface EncodeTask {
  type: 'encode';
  video: VideoTask;
  setting: number;
}

export interface VerifyTask {
  type: 'verify';
  original: string;
  copy: string;
}

export interface PreviewTask {
  type: 'preview';
  input: string;
  poster: string;
  strip: string | undefined;
  stripFrames: number;
  maxWidth: number;
}

export interface DocumentTask {
  type: 'document';
  input: string;
  /** In the order of their pages. */
  images: { page: number; maxPixels: number; output: string }[];
}

export type ObjectTask =
  | ImageTask
  | VariantsTask
  | InspectTask
  | MeasureTask
  | EncodeTask
  | VerifyTask
  | PreviewTask
  | DocumentTask;

export type KeptReason = 'not_smaller' | 'quality_not_reached' | 'copy_differs';

/** The best copy that was found, and whether it may replace the original. */
export interface CompressedObject {
  kept: { reason: KeptReason; detail: string } | undefined;
  bytes: number;
  contentType: string;
  codec: string;
  preset: number;
  setting: number;
  quality: CopyQuality;
  durationSeconds: number;
  width: number;
  height: number;
  cpuMs: { search: number; encode: number; verify: number };
  probes: number;
}

export interface RecordingFacts {
  /** As its container says. */
  durationSeconds: number;
  width: number;
  height: number;
  fps: number;
}

/** One frame as a player would see it. */
export interface MeasuredFrame {
  seconds: number;
  ssim: number;
}

export interface CopyQuality {
  ssim: number;
  lowestSsim: number;
  xpsnr: number;
  frames: number;
}

export interface Verdict {
  quality: CopyQuality;
  /** How the copy differs in other respects than quality; undefined if it does not. */
  difference: string | undefined;
}

/** With the milliseconds of a processor that all threads took. */
export interface Timed<T> {
  value: T;
  cpuMs: number;
}

export interface ImageFile {
  width: number;
  height: number;
  contentType: string;
}

export interface ImageCopies {
  width: number;
  height: number;
  format: string;
  files: ImageFile[];
  blurhash: string;
}

export interface VideoPreview {
  durationSeconds: number;
  width: number;
  height: number;
  videoCodec: string;
  audioCodec: string;
  poster: ImageFile;
  strip: ImageFile | undefined;
  blurhash: string;
}

export interface DocumentPreview {
  /** 0: unknown. */
  pageCount: number;
  shows: 'pages' | 'text' | 'thumbnail';
  /** Width of the first page, in points. */
  width: number;
  height: number;
  /** Images of the pages that exist. */
  files: ImageFile[];
  blurhash: string;
}

export type Stage = 'searching' | 'encoding' | 'verifying';
export interface TaskProgress {
  stage: Stage;
  fraction: number;
}

/** The result of each kind of task. */
export interface TaskResults {
  image: CompressedObject;
  inspect: RecordingFacts;
  measure: Timed<MeasuredFrame[]>;
  encode: Timed<{ bytes: number }>;
  verify: Timed<Verdict>;
  variants: ImageCopies;
  preview: VideoPreview;
  document: DocumentPreview;
}
