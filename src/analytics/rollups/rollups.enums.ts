import { DEVICES } from '../../insights/verdicts/index.ts';

/**
 * How media reached the server for most of the measured time: directly over UDP, over a relay, over TCP, or over TLS.
 * unknown: no client reported it.
 */
export const CONNECTION_TYPES = ['udp', 'relay', 'tcp', 'tls', 'unknown'] as const;
export type ConnectionType = (typeof CONNECTION_TYPES)[number];

/** The kind of device that a participant used for most of the measured time. unknown: no client reported it. */
export const DEVICE_TYPES = [...DEVICES, 'unknown'] as const;
export type DeviceType = (typeof DEVICE_TYPES)[number];

/**
 * The codec of the video that a participant received for most of the measured time. unknown: there was none, or no
 * client reported its codec.
 */
export const VIDEO_CODECS = ['vp8', 'vp9', 'h264', 'h265', 'av1', 'other', 'unknown'] as const;
export type MeasuredCodec = (typeof VIDEO_CODECS)[number];

/** What the participants of a call published: a shared screen, else a camera, else neither. */
export const CALL_TYPES = ['audio', 'video', 'screen_share'] as const;
export type CallType = (typeof CALL_TYPES)[number];

/**
 * The length of the time that a rollup sums up, in the organization's time zone. third: days 1 to 10, 11 to 20, or the
 * rest of a month.
 */
export const GRAINS = ['hour', 'day', 'third', 'month'] as const;
export type Grain = (typeof GRAINS)[number];
