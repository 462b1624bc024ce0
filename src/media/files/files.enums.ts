/** Who may read a file, beside its owner. */
export const FILE_ACCESS = ['private', 'participants', 'organization', 'public'] as const;
export type FileAccess = (typeof FILE_ACCESS)[number];

/** `uploading` until all of its bytes are stored. */
export const FILE_STATUSES = ['uploading', 'stored'] as const;

/** What the scanner found; `failed` when it cannot scan the file, `unscanned` when no scanner is configured. */
export const SCAN_STATUSES = ['pending', 'clean', 'infected', 'failed', 'unscanned'] as const;
export type ScanStatus = (typeof SCAN_STATUSES)[number];
