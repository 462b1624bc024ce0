import { toIsoTime } from './outcome.rules.ts';
import { type MessageTrace } from './logged-events.rules.ts';
import type { ChatMessage } from '../protocol/index.ts';

type Reactions = ChatMessage['reactions'];

function withReaction(reactions: Reactions, emoji: string, identity: string, on: boolean): Reactions {
  const existing = reactions.find((each) => each.emoji === emoji);
  const others = existing?.identities.filter((each) => each !== identity) ?? [];
  const next = { emoji, identities: on ? [...others, identity] : others };
  const list = existing ? reactions.map((each) => (each === existing ? next : each)) : [...reactions, next];
  return list.filter((each) => each.identities.length > 0);
}

function applyTrace(message: ChatMessage, { type, atMs, event }: MessageTrace): ChatMessage {
  if (type === 'chat.deleted')
    return { ...message, text: '', files: [], deletedAt: toIsoTime(atMs), reactions: [] };
  if (message.deletedAt !== null) return message;
  // An edit without text was replaced by a later one.
  if (event?.type === 'chat.edited' && event.text !== '')
    return { ...message, text: event.text, editedAt: event.at };
  if (event?.type === 'chat.reaction') {
    const { emoji, identity, on } = event;
    return { ...message, reactions: withReaction(message.reactions, emoji, identity, on) };
  }
  return message;
}

/**
 * Brings messages that were read from the table up to date with the log's events about them, applied in order. The log
 * has every event that is not in the table yet; each event carries the new state, so those that the table already
 * contained change nothing.
 */
export function applyTraces(
  messages: readonly ChatMessage[],
  traces: readonly MessageTrace[],
): ChatMessage[] {
  const byMessage = Map.groupBy(traces, ({ messageId }) => messageId);
  return messages.map((message) => (byMessage.get(message.messageId) ?? []).reduce(applyTrace, message));
}
