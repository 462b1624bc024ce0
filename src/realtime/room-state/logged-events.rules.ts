import { CHAT_EVENTS, type HiddenEvent, type RoomEvent } from '../protocol/index.ts';
import { toIsoTime } from './outcome.rules.ts';

/** An event as it was written: its text is what everybody is sent. */
export interface WrittenEvent {
  seq: number;
  atMs: number;
  type: RoomEvent['type'];
  text: string;
}

/** What the log knows of a message; of an old event no more than that there was one. */
export interface MessageTrace {
  messageId: string;
  type: string;
  atMs: number;
  event: RoomEvent | null;
}

const CHAT_TYPES: readonly string[] = CHAT_EVENTS;

/** Whether an event is for those alone who have the chat. */
export const isChatEvent = ({ type }: Pick<WrittenEvent, 'type'>): boolean => CHAT_TYPES.includes(type);

/** What those are sent instead of an event who may not see it: its place, so that they see no hole. */
export function toHiddenText({ seq, atMs }: WrittenEvent): string {
  const hidden: HiddenEvent = { type: 'hidden', seq, at: toIsoTime(atMs) };
  return JSON.stringify(hidden);
}
