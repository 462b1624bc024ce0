/** The states of a compression; `file-compressions.rules.ts` has the moves between them. */
export const COMPRESSION_STATES = [
  'requested',
  'running',
  'verifying',
  'ready',
  'kept',
  'failed',
  'cancelled',
] as const;
export type CompressionState = (typeof COMPRESSION_STATES)[number];

/** Why a compression is in its state, where the state alone does not say it. */
export const COMPRESSION_REASONS = [
  'not_smaller',
  'quality_not_reached',
  'copy_differs',
  'refused',
  'too_long',
  'given_up',
  'service_unavailable',
  'requested',
  'file_gone',
  'held',
  'organization_deleted',
] as const;
export type CompressionReason = (typeof COMPRESSION_REASONS)[number];

export const PICTURE_FORMATS = ['avif', 'webp'] as const;
