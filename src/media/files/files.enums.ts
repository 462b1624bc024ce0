/** Who may read a file, beside its owner. */
export const FILE_ACCESS = ['private', 'participants', 'organization', 'public'] as const;
export type FileAccess = (typeof FILE_ACCESS)[number];

/** `uploading` until all of its bytes are stored. */
export const FILE_STATUSES = ['uploading', 'stored'] as const;

/** Result of the scan; `failed` when the file cannot be scanned, `unscanned` when no scanner is configured. */
export const SCAN_STATUSES = ['pending', 'clean', 'infected', 'failed', 'unscanned'] as const;
export type ScanStatus = (typeof SCAN_STATUSES)[number];

/** `none` for types without a preview; `pending` until it is made, `failed` when it cannot be. */
export const PREVIEW_STATUSES = ['none', 'pending', 'ready', 'failed'] as const;
export type PreviewStatus = (typeof PREVIEW_STATUSES)[number];

/**
 * The images of a preview: for a picture a thumbnail and two larger ones, for a video a poster and a strip of frames,
 * for a document its first pages.
 */
export const PREVIEW_IMAGES = [
  'thumbnail.webp',
  'large.webp',
  'large.avif',
  'poster.webp',
  'strip.webp',
  'page-2.webp',
  'page-3.webp',
] as const;
export type PreviewImageName = (typeof PREVIEW_IMAGES)[number];
