import { CHAT_EVENTS, type HiddenEvent, type RoomEvent } from '../realtime/index.ts';
import { iso } from './outcome.rules.ts';

/** An event as it was written: its text is what everybody is sent. */
export interface Written {
  seq: number;
  atMs: number;
  type: RoomEvent['type'];
  text: string;
}

const CHAT: readonly string[] = CHAT_EVENTS;

/** Whether an event is for those alone who have the chat. */
export const isOfChat = ({ type }: Pick<Written, 'type'>): boolean => CHAT.includes(type);

/** What those are sent instead of an event who may not see it: its place, so that they see no hole. */
export function hiddenText({ seq, atMs }: Written): string {
  const hidden: HiddenEvent = { type: 'hidden', seq, at: iso(atMs) };
  return JSON.stringify(hidden);
}
