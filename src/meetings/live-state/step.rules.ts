import { type BaseFrame, realtimeErrors, type RoomRole } from '../realtime/index.ts';
import { iso, NOTHING, type Outcome, outcome } from './outcome.rules.ts';
import { isHidden, isModerator, mayUse, type Person, type RoomState } from './state.rules.ts';

/** Frames that are decided here, from the room's state alone. */
export type LocalFrame = Exclude<BaseFrame, { type: 'hello' | 'ping' | 'ticket.refresh' | 'chat.history' }>;

/** What is known of the message that a frame is about. */
export interface KnownMessage {
  identity: string;
  threadId: string | null;
  deleted: boolean;
}

/** What the state does not hold and a frame is decided by. */
export interface Known {
  /** Of the message that the frame names; null when there is none. */
  message: KnownMessage | null;
  /** The last version of the caption's segment; 0 before the first. */
  captionVersion: number;
  captionFinal: boolean;
  /** For a message that is sent. */
  newMessageId: string;
}

/** Whom a role lets do what, beside what the features say. */
const PUBLISHES: readonly RoomRole[] = ['host', 'moderator', 'participant', 'agent'];

function require(allowed: boolean): void {
  if (!allowed) throw realtimeErrors.notAllowed();
}

const shout = (frame: Outcome['passing'][number]['frame']): Outcome =>
  outcome({ passing: [{ to: { kind: 'all' }, frame }] });

type Of<T extends LocalFrame['type']> = Extract<LocalFrame, { type: T }>;

/** @throws AppError `realtime.message_not_found` */
function existing({ message }: Known): KnownMessage {
  if (!message || message.deleted) throw realtimeErrors.messageNotFound();
  return message;
}

function sendMessage({ text, replyTo }: Of<'chat.send'>, who: Person, known: Known): Outcome {
  const { identity, name } = who;
  const threadId = replyTo === null ? null : (existing(known).threadId ?? replyTo);
  const messageId = known.newMessageId;
  return outcome({ events: [{ type: 'chat.message', messageId, identity, name, text, threadId, replyTo }] });
}

function changeMessage(
  frame: Of<'chat.edit' | 'chat.delete' | 'chat.react'>,
  who: Person,
  known: Known,
): Outcome {
  const { identity } = who;
  const { messageId } = frame;
  const own = existing(known).identity === identity;
  switch (frame.type) {
    case 'chat.edit':
      if (!own) throw realtimeErrors.notYourMessage();
      return outcome({ events: [{ type: 'chat.edited', messageId, identity, text: frame.text }] });
    case 'chat.delete':
      if (!own && !isModerator(who)) throw realtimeErrors.notYourMessage();
      return outcome({ events: [{ type: 'chat.deleted', messageId, by: identity }] });
    case 'chat.react': {
      const { emoji, on } = frame;
      return outcome({ events: [{ type: 'chat.reaction', messageId, identity, emoji, on }] });
    }
  }
}

function readUpTo({ seq }: Of<'chat.read'>, who: Person, headSeq: number): Outcome {
  const readSeq = Math.min(seq, headSeq);
  if (readSeq <= who.readSeq) return NOTHING;
  const { identity } = who;
  return outcome({
    changes: [{ thing: 'person', id: identity, value: { ...who, readSeq } }],
    passing: [{ to: { kind: 'all' }, frame: { type: 'chat.read', identity, seq: readSeq } }],
  });
}

function chat(frame: Of<`chat.${string}` & LocalFrame['type']>, who: Person, room: Room): Outcome {
  require(mayUse(who, room.state.facts, 'chat'));
  switch (frame.type) {
    case 'chat.send':
      return sendMessage(frame, who, room.known);
    case 'chat.read':
      return readUpTo(frame, who, room.headSeq);
    case 'chat.edit':
    case 'chat.delete':
    case 'chat.react':
      return changeMessage(frame, who, room.known);
  }
}

/** A partial text passes by; the final one is an event, and nothing comes after it. */
function caption(frame: Of<'caption'>, who: Person, { state, known }: Room): Outcome {
  require(who.role === 'agent' && mayUse(who, state.facts, 'captions'));
  if (known.captionFinal) throw realtimeErrors.captionFinal();
  if (frame.version <= known.captionVersion) throw realtimeErrors.captionStale();
  const { final, type: _type, id: _id, ...fields } = frame;
  const said = { ...fields, identity: who.identity };
  return final
    ? outcome({ events: [{ type: 'caption.final', ...said }] })
    : shout({ type: 'caption.partial', ...said });
}

function hand(raised: boolean, who: Person, nowMs: number): Outcome {
  const { identity } = who;
  if (raised === (who.handRaisedAt !== null)) return NOTHING;
  const value = { ...who, handRaisedAt: raised ? iso(nowMs) : null };
  return outcome({
    changes: [{ thing: 'person', id: identity, value }],
    events: [raised ? { type: 'hand.raised', identity } : { type: 'hand.lowered', identity, by: identity }],
  });
}

/** The room at the moment a frame arrives. */
export interface Room {
  state: RoomState;
  known: Known;
  /** Of the last event. */
  headSeq: number;
  /** The time that the frame's first event gets. */
  nowMs: number;
}

/**
 * What follows from a frame, for somebody who is in the room.
 * @throws AppError `realtime.*` when it is refused
 */
export function step(frame: LocalFrame, who: Person, room: Room): Outcome {
  const { identity } = who;
  require(!isHidden(who));
  switch (frame.type) {
    case 'typing':
      require(mayUse(who, room.state.facts, 'chat'));
      return shout({ type: 'typing', identity, on: frame.on });
    case 'reaction':
      return shout({ type: 'reaction', identity, emoji: frame.emoji });
    case 'media.hint':
      require(PUBLISHES.includes(who.role));
      require(!frame.hint.screenShare || mayUse(who, room.state.facts, 'screenShare'));
      return shout({ type: 'media.hint', identity, hint: frame.hint });
    case 'presence.update': {
      const { status } = frame;
      if (status === who.status) return NOTHING;
      return outcome({
        changes: [{ thing: 'person', id: identity, value: { ...who, status } }],
        events: [{ type: 'presence.updated', identity, status }],
      });
    }
    case 'hand.raise':
    case 'hand.lower':
      return hand(frame.type === 'hand.raise', who, room.nowMs);
    case 'caption':
      return caption(frame, who, room);
    case 'chat.send':
    case 'chat.edit':
    case 'chat.delete':
    case 'chat.react':
    case 'chat.read':
      return chat(frame, who, room);
  }
}
