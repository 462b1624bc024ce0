import { CHAT_EVENTS, type HiddenEvent, type RoomEvent } from '../protocol/index.ts';
import { toIsoTime } from './outcome.rules.ts';

/** A stored event; `text` is the frame that is sent to everybody. */
export interface WrittenEvent {
  seq: number;
  atMs: number;
  type: RoomEvent['type'];
  text: string;
}

/** An event about a message; `event` is null when the log no longer stores its text. */
export interface MessageTrace {
  messageId: string;
  type: string;
  atMs: number;
  event: RoomEvent | null;
}

const CHAT_TYPES: readonly string[] = CHAT_EVENTS;

/** Whether an event is sent only to people with the chat feature. */
export const isChatEvent = ({ type }: Pick<WrittenEvent, 'type'>): boolean => CHAT_TYPES.includes(type);

/** The frame that replaces an event for people who may not see it, so that their numbers have no gap. */
export function toHiddenText({ seq, atMs }: WrittenEvent): string {
  const hidden: HiddenEvent = { type: 'hidden', seq, at: toIsoTime(atMs) };
  return JSON.stringify(hidden);
}
