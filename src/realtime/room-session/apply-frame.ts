import type { MessageFile } from '../protocol/index.ts';
import {
  decideFrame,
  isInRoom,
  type LocalFrame,
  type MessageSummary,
  type RoomOutcome,
} from '../room-state/index.ts';
import { socketErrors, takeTokens } from '../sockets/index.ts';
import { runAsync } from './answer-async-frame.ts';
import { commitOutcome } from './commit-outcome.ts';
import { noteSignal } from './end-signals.ts';
import { heldMessage, holdMessage, withChatRules } from './moderate-chat.ts';
import { FAN_OUT_RATE } from './rate.rules.ts';
import type { RoomConnection } from '../room-connections/index.ts';
import type { ActiveRules } from '../text-rules/index.ts';
import { readRoomKey, reply, type RoomSession } from './room-session.ts';

const FAN_OUT_TYPES = ['typing', 'reaction', 'media.hint', 'chat.read'];

/**
 * Bounds what the transient frames of everybody together cost the room. A read mark beyond the limit is stored and not
 * sent to the others: the next one covers it.
 * @throws AppError `realtime.too_fast`
 */
function limitFanOut(
  { connections, fanOut, runtime }: RoomSession,
  { type }: LocalFrame,
  outcome: RoomOutcome,
): RoomOutcome {
  if (!FAN_OUT_TYPES.includes(type) || outcome.transient.length === 0) return outcome;
  const cost = connections.size - connections.lobbySize;
  if (takeTokens(fanOut, cost, FAN_OUT_RATE, runtime.clock.now())) return outcome;
  if (type === 'chat.read') return { ...outcome, transient: [] };
  throw socketErrors.tooFast({ detail: 'too many such frames in the whole room' });
}

function sendAck(
  session: RoomSession,
  conn: RoomConnection,
  id: string,
  seq: number | null,
  ref: string | null,
): void {
  const result = ref?.startsWith('msg_') ? { result: { messageId: ref } } : {};
  reply(session, conn, { type: 'ack', id, seq, ...result });
}

/** The ids in a frame. */
interface FoundForFrame {
  /** The message that the frame is about; null for none. */
  message: MessageSummary | null;
  /** The files that it shows, as far as its sender may show them. */
  files: readonly MessageFile[];
  /** What everybody may be shown; null for a frame without a text. */
  rules: ActiveRules | null;
}

/** Applies a frame, unless it was applied when it was sent before. */
function applyFrame(
  session: RoomSession,
  conn: RoomConnection,
  frame: LocalFrame,
  { message, files, rules }: FoundForFrame,
): void {
  const { store, log, runtime, captions } = session;
  const { identity } = conn;
  const { id } = frame;
  const source = id === undefined ? undefined : { identity, frameId: id };
  const earlier = source && log.lookup.findEventOfFrame(source);
  if (earlier) return sendAck(session, conn, id!, earlier.seq, earlier.ref);
  const person = store.state.people.get(identity);
  if (conn.closed || !isInRoom(person)) return;
  const caption =
    frame.type === 'caption' ? captions.progressOf(identity, frame.segmentId) : { version: 0, final: false };
  const newMessageId = frame.type === 'chat.send' ? runtime.ids.create('message') : null;
  const outcome = decideFrame(frame, person, {
    state: store.state,
    lookups: {
      message,
      files,
      reactions: frame.type === 'chat.react' ? log.lookup.listReactions(frame.messageId) : [],
      captionVersion: caption.version,
      captionFinal: caption.final,
      newMessageId: newMessageId ?? '',
    },
    headSeq: log.headSeq,
    nowMs: log.nextAtMs(runtime.clock.now()),
  });
  const held = rules && heldMessage(rules, person, outcome);
  if (held) return holdMessage(session, conn, id!, held);
  const seq = commitOutcome(session, limitFanOut(session, frame, outcome), source);
  if (frame.type === 'caption') captions.record(identity, frame.segmentId, frame);
  noteSignal(session, conn, frame);
  if (id !== undefined) sendAck(session, conn, id, seq, newMessageId);
}

/** The message that a frame is about; undefined for a frame about none. */
function referencedMessageId(frame: LocalFrame): string | undefined {
  if (frame.type === 'chat.send') return frame.replyTo ?? undefined;
  return 'messageId' in frame ? frame.messageId : undefined;
}

/** Deletes a held message for its author. @returns whether it was one */
async function takeBack(
  session: RoomSession,
  conn: RoomConnection,
  { id, messageId }: Extract<LocalFrame, { type: 'chat.delete' }>,
): Promise<boolean> {
  const { identity } = conn;
  const services = session.runtime.services();
  const isTaken = await services.takeBackHeld(readRoomKey(session), { identity, messageId });
  if (isTaken && id !== undefined) sendAck(session, conn, id, null, null);
  return isTaken;
}

/** Applies a frame at once, or after a look-up: of a message that the log no longer remembers, and of files. */
function findAndApply(
  session: RoomSession,
  conn: RoomConnection,
  frame: LocalFrame,
  rules: ActiveRules | null,
): void {
  const messageId = referencedMessageId(frame);
  const message = messageId === undefined ? null : session.log.lookup.findMessage(messageId);
  const fileIds = (frame.type === 'chat.send' && frame.fileIds) || [];
  // A message that is not in the chat may wait for a review.
  const mayBeHeld = frame.type === 'chat.delete' && (!message || message.deleted);
  if (message !== undefined && fileIds.length === 0 && !mayBeHeld)
    return applyFrame(session, conn, frame, { message, files: [], rules });
  runAsync(session, conn, frame.id ?? null, async (services, roomKey) => {
    const [stored, files] = await Promise.all([
      message ?? (messageId === undefined ? null : services.findMessage(roomKey, messageId)),
      fileIds.length === 0 ? [] : services.findFiles(roomKey, conn.identity, fileIds),
    ]);
    if (mayBeHeld && (!stored || stored.deleted) && (await takeBack(session, conn, frame))) return;
    // What happened to the message during the look-up is in the log alone.
    const known = messageId === undefined ? null : session.log.lookup.findMessage(messageId);
    applyFrame(session, conn, frame, { message: known ?? stored, files, rules });
  });
}

/** Applies a frame; one with a text once the rules of the chat are known. */
export function resolveAndApply(session: RoomSession, conn: RoomConnection, frame: LocalFrame): void {
  if (frame.type !== 'chat.send' && frame.type !== 'chat.edit')
    return findAndApply(session, conn, frame, null);
  withChatRules(session, conn, frame, (rules) => findAndApply(session, conn, frame, rules));
}
