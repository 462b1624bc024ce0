import type { TransientFrame } from '../protocol/index.ts';
import type { LocalFrame } from './frames.rules.ts';

/**
 * How long clients show a signal that is not repeated, in milliseconds. A signal is what a frame shows until another one
 * takes it back.
 */
export const SIGNAL_LIFETIMES_MS = { typing: 10_000, speaking: 60_000, caption: 30_000 } as const;

/** Unfinished captions of one socket; the oldest is dropped for one more. They are stored with the socket, which holds 2 KB. */
export const MAX_UNFINISHED_CAPTIONS = 10;

/** A signal by its name: `typing`, `speaking` or `caption/<segment>`. Names are stored with sockets. */
export interface Signal {
  name: string;
  /** Null when the frame takes it back. */
  lifetimeMs: number | null;
}

const CAPTION_PREFIX = 'caption/';
export const isCaptionSignal = (name: string): boolean => name.startsWith(CAPTION_PREFIX);

/** The signal that a frame gives or takes back; undefined for a frame about none. */
export function signalOf(frame: LocalFrame): Signal | undefined {
  const { typing, speaking, caption } = SIGNAL_LIFETIMES_MS;
  if (frame.type === 'typing') return { name: 'typing', lifetimeMs: frame.on ? typing : null };
  if (frame.type === 'media.hint' && frame.hint.speaking !== undefined)
    return { name: 'speaking', lifetimeMs: frame.hint.speaking ? speaking : null };
  if (frame.type === 'caption')
    return { name: CAPTION_PREFIX + frame.segmentId, lifetimeMs: frame.final ? null : caption };
  return undefined;
}

/** The frame that takes a signal back. */
export function takeBackFrame(name: string, identity: string): TransientFrame {
  if (name === 'typing') return { type: 'typing', identity, on: false };
  if (name === 'speaking') return { type: 'media.hint', identity, hint: { speaking: false } };
  return { type: 'caption.dropped', identity, segmentId: name.slice(CAPTION_PREFIX.length) };
}
