/** What the process of an object is asked for. All paths are of local files. */

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

export interface VideoTask {
  type: 'video';
  input: string;
  output: string;
  codec: 'av1' | 'h264';
  container: 'mp4' | 'webm';
  minSsim: number;
  minXpsnr: number;
  /** Of SVT-AV1; 0: chosen by size and length. */
  preset: number;
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

export type ObjectTask = ImageTask | VariantsTask | VideoTask | PreviewTask | DocumentTask;

export type KeptReason = 'not_smaller' | 'quality_not_reached' | 'copy_differs';

/** The best copy that was found, and whether it may take the place of the original. */
export interface CompressedObject {
  kept: { reason: KeptReason; detail: string } | undefined;
  bytes: number;
  contentType: string;
  codec: string;
  preset: number;
  setting: number;
  quality: { ssim: number; lowestSsim: number; xpsnr: number; frames: number };
  durationSeconds: number;
  width: number;
  height: number;
  cpuMs: { search: number; encode: number; verify: number };
  probes: number;
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
  /** Of the first page, in points. */
  width: number;
  height: number;
  /** Of the pages that there are. */
  files: ImageFile[];
  blurhash: string;
}

export type Stage = 'searching' | 'encoding' | 'verifying';
export interface TaskProgress {
  stage: Stage;
  fraction: number;
}

/** What each kind of task results in. */
export interface TaskResults {
  image: CompressedObject;
  video: CompressedObject;
  variants: ImageCopies;
  preview: VideoPreview;
  document: DocumentPreview;
}
