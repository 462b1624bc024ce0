/** The plan of an organization; each plan has its own limits. */
export const PLANS = ['free', 'pro', 'enterprise', 'custom'] as const;

/** Where recordings may be stored: in buckets of the organization alone, or by the product where it has none. */
export const AUTOMATIC_RECORDING_SETTINGS = ['off', 'composite', 'audio'] as const;
export type AutomaticRecordingSetting = (typeof AUTOMATIC_RECORDING_SETTINGS)[number];

export const RECORDING_STORAGE_SETTINGS = ['bucket', 'product'] as const;
export type RecordingStorageSetting = (typeof RECORDING_STORAGE_SETTINGS)[number];
