/** How strongly an organization wants its calls compressed. Also the modes of the compression service. */
export const COMPRESSION_MODES = ['off', 'conservative', 'adaptive', 'aggressive'] as const;
export type CompressionMode = (typeof COMPRESSION_MODES)[number];

/** What a connection can carry, from the worst to the best. */
export const NETWORK_QUALITIES = ['poor', 'fair', 'good', 'excellent'] as const;
export type NetworkQuality = (typeof NETWORK_QUALITIES)[number];

/** Codecs that are recommended for video. */
export const VIDEO_CODECS = ['vp8', 'vp9', 'av1', 'h264'] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];
