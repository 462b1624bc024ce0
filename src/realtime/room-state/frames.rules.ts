import { type MessageFile, type RoomBaseFrame, realtimeErrors, type RoomRole } from '../protocol/index.ts';
import { decideCaptionFrame } from './captions.rules.ts';
import { toIsoTime, NO_OUTCOME, type RoomOutcome, createOutcome } from './outcome.rules.ts';
import { requirePlaceForReaction, type Reaction } from './reactions.rules.ts';
import {
  isHidden,
  hasModeratorRole,
  canUseFeature,
  type LivePerson,
  type RoomState,
} from './room-state.rules.ts';

/** Frames that are decided from the room's state alone. */
export type LocalFrame = Exclude<
  RoomBaseFrame,
  { type: 'hello' | 'ping' | 'ticket.refresh' | 'chat.history' }
>;

/** The message that a frame is about. `identity` is its author, empty if not remembered. */
export interface MessageSummary {
  identity: string;
  threadId: string | null;
  deleted: boolean;
}

/** What deciding a frame needs in addition to the state. */
export interface FrameLookups {
  /** The message that the frame names; null if there is none. */
  message: MessageSummary | null;
  /** Those of the files that the frame names which its sender may show here. */
  files: readonly MessageFile[];
  /** The reactions to that message that are remembered, also those taken back; each person and emoji once. */
  reactions: readonly Reaction[];
  /** The last version of the caption's segment; 0 before the first. */
  captionVersion: number;
  captionFinal: boolean;
  /** The id for a new message. */
  newMessageId: string;
}

/** Roles that may publish media, if the features allow it. */
const PUBLISHING_ROLES: readonly RoomRole[] = ['host', 'moderator', 'participant', 'agent'];

function requireAllowed(allowed: boolean): void {
  if (!allowed) throw realtimeErrors.notAllowed();
}

const transientToAll = (frame: RoomOutcome['transient'][number]['frame']): RoomOutcome =>
  createOutcome({ transient: [{ to: { kind: 'all' }, frame }] });

type FrameOf<T extends LocalFrame['type']> = Extract<LocalFrame, { type: T }>;

/** @throws AppError `realtime.message_not_found` */
function requireMessage({ message }: FrameLookups): MessageSummary {
  if (!message || message.deleted) throw realtimeErrors.messageNotFound();
  return message;
}

function sendMessage(
  { text, replyTo, fileIds = [] }: FrameOf<'chat.send'>,
  person: LivePerson,
  lookups: FrameLookups,
): RoomOutcome {
  const { identity, name } = person;
  const threadId = replyTo === null ? null : (requireMessage(lookups).threadId ?? replyTo);
  const messageId = lookups.newMessageId;
  if (lookups.files.length < fileIds.length) throw realtimeErrors.fileNotFound();
  const shown = fileIds.length === 0 ? {} : { files: [...lookups.files] };
  return createOutcome({
    events: [{ type: 'chat.message', messageId, identity, name, text, threadId, replyTo, ...shown }],
  });
}

function changeMessage(
  frame: FrameOf<'chat.edit' | 'chat.delete' | 'chat.react'>,
  person: LivePerson,
  lookups: FrameLookups,
): RoomOutcome {
  const { identity } = person;
  const { messageId } = frame;
  const isOwn = requireMessage(lookups).identity === identity;
  switch (frame.type) {
    case 'chat.edit':
      if (!isOwn) throw realtimeErrors.notYourMessage();
      return createOutcome({ events: [{ type: 'chat.edited', messageId, identity, text: frame.text }] });
    case 'chat.delete':
      if (!isOwn && !hasModeratorRole(person)) throw realtimeErrors.notYourMessage();
      return createOutcome({ events: [{ type: 'chat.deleted', messageId, by: identity }] });
    case 'chat.react': {
      const { emoji, on } = frame;
      if (on) requirePlaceForReaction(lookups.reactions, { identity, emoji });
      return createOutcome({ events: [{ type: 'chat.reaction', messageId, identity, emoji, on }] });
    }
  }
}

function markRead({ seq }: FrameOf<'chat.read'>, person: LivePerson, headSeq: number): RoomOutcome {
  const readSeq = Math.min(seq, headSeq);
  if (readSeq <= person.readSeq) return NO_OUTCOME;
  const { identity } = person;
  return createOutcome({
    changes: [{ record: 'person', id: identity, value: { ...person, readSeq } }],
    transient: [{ to: { kind: 'all' }, frame: { type: 'chat.read', identity, seq: readSeq } }],
  });
}

function decideChatFrame(
  frame: FrameOf<`chat.${string}` & LocalFrame['type']>,
  person: LivePerson,
  room: FrameContext,
): RoomOutcome {
  requireAllowed(canUseFeature(person, room.state.facts, 'chat'));
  switch (frame.type) {
    case 'chat.send':
      requireAllowed(!frame.fileIds?.length || canUseFeature(person, room.state.facts, 'files'));
      return sendMessage(frame, person, room.lookups);
    case 'chat.read':
      return markRead(frame, person, room.headSeq);
    case 'chat.edit':
    case 'chat.delete':
    case 'chat.react':
      return changeMessage(frame, person, room.lookups);
  }
}

function decideHand(raised: boolean, person: LivePerson, nowMs: number): RoomOutcome {
  const { identity } = person;
  if (raised === (person.handRaisedAt !== null)) return NO_OUTCOME;
  const value = { ...person, handRaisedAt: raised ? toIsoTime(nowMs) : null };
  return createOutcome({
    changes: [{ record: 'person', id: identity, value }],
    events: [raised ? { type: 'hand.raised', identity } : { type: 'hand.lowered', identity, by: identity }],
  });
}

/** The room at the moment a frame arrives. */
export interface FrameContext {
  state: RoomState;
  lookups: FrameLookups;
  /** The number of the last event. */
  headSeq: number;
  /** The time that the frame's first event gets. */
  nowMs: number;
}

/**
 * The outcome of a frame from a person in the room.
 * @throws AppError `realtime.*` when it is refused
 */
export function decideFrame(frame: LocalFrame, person: LivePerson, room: FrameContext): RoomOutcome {
  const { identity } = person;
  requireAllowed(!isHidden(person));
  switch (frame.type) {
    case 'typing':
      requireAllowed(canUseFeature(person, room.state.facts, 'chat'));
      return transientToAll({ type: 'typing', identity, on: frame.on });
    case 'reaction':
      return transientToAll({ type: 'reaction', identity, emoji: frame.emoji });
    case 'media.hint':
      requireAllowed(PUBLISHING_ROLES.includes(person.role));
      requireAllowed(!frame.hint.screenShare || canUseFeature(person, room.state.facts, 'screenShare'));
      return transientToAll({ type: 'media.hint', identity, hint: frame.hint });
    case 'presence.update': {
      const { status } = frame;
      if (status === person.status) return NO_OUTCOME;
      return createOutcome({
        changes: [{ record: 'person', id: identity, value: { ...person, status } }],
        events: [{ type: 'presence.updated', identity, status }],
      });
    }
    case 'hand.raise':
    case 'hand.lower':
      return decideHand(frame.type === 'hand.raise', person, room.nowMs);
    case 'caption':
    case 'caption.translation':
    case 'captions.ask':
    case 'captions.listen':
    case 'captions.skipped':
      return decideCaptionFrame(frame, person, room);
    case 'chat.send':
    case 'chat.edit':
    case 'chat.delete':
    case 'chat.react':
    case 'chat.read':
      return decideChatFrame(frame, person, room);
  }
}
