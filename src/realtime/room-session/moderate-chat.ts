import { realtimeErrors } from '../protocol/index.ts';
import { hasModeratorRole, type LivePerson, type LocalFrame, type RoomOutcome } from '../room-state/index.ts';
import type { RoomConnection } from '../room-connections/index.ts';
import { socketErrors, takeTokens } from '../sockets/index.ts';
import type { ActiveRules, HeldMessage } from '../text-rules/index.ts';
import { runAsync } from './answer-async-frame.ts';
import { EXTRA_COST, frameRateOf } from './rate.rules.ts';
import { readRoomKey, reply, reportFailure, type RoomSession } from './room-session.ts';

/** The rules of the chat; a promise where they must be read first. */
export function chatRules(session: RoomSession): ActiveRules | Promise<ActiveRules> {
  const { rules, runtime } = session;
  return rules.current(runtime.clock.now(), {
    read: (known) => runtime.services().readRules(readRoomKey(session), known),
    keepAlive: (work) => runtime.keepAlive(work),
    onFailure: (error) => runtime.services().log.warn('live_room.rules_not_read', { error }),
  });
}

/** Reads the rules before the first message. Whether that succeeds shows when one is sent. */
export function readRulesEarly(session: RoomSession): void {
  const rules = chatRules(session);
  if (rules instanceof Promise) session.runtime.keepAlive(Promise.allSettled([rules]));
}

/** Runs a frame with the rules of the chat: at once where they are known. */
export function withChatRules(
  session: RoomSession,
  conn: RoomConnection,
  { id }: LocalFrame,
  run: (rules: ActiveRules) => void,
): void {
  const rules = chatRules(session);
  if (!(rules instanceof Promise)) return run(rules);
  const runLater = rules.then(run).catch((error: unknown) => reportFailure(session, conn, id ?? null, error));
  session.runtime.keepAlive(runLater);
}

/**
 * The text that a rule keeps from being shown; undefined when the outcome may be shown.
 * @throws AppError `realtime.message_refused`
 */
export function heldMessage(
  rules: ActiveRules,
  person: LivePerson,
  { events: [event] }: RoomOutcome,
): Omit<HeldMessage, 'frameId' | 'callId'> | undefined {
  if (event?.type !== 'chat.message' && event?.type !== 'chat.edited') return undefined;
  if (rules.exemptModerators && hasModeratorRole(person)) return undefined;
  const names = event.type === 'chat.message' ? (event.files ?? []).map(({ name }) => name) : [];
  // A guest chooses the name that stands beside each of their messages.
  const shownName = person.kind === 'guest' ? [person.name] : [];
  const match = rules.match([event.text, ...names, ...shownName].join('\n'));
  if (!match) return undefined;
  // An edit changes what everybody has seen already: the message stays as it was.
  if (match.action === 'reject' || event.type === 'chat.edited') throw realtimeErrors.messageRefused();
  const { messageId, identity, name, text, threadId, replyTo, files = [] } = event;
  const fileIds = files.map(({ fileId }) => fileId);
  const { rule, phrase, mute } = match;
  const { kind, participantId } = person;
  const message = { messageId, identity, kind, name, text, threadId, replyTo, fileIds };
  return { ...message, rule, phrase, muteParticipantId: mute ? participantId : null };
}

/** Keeps a message for a review, and acknowledges it once it is kept. */
export function holdMessage(
  session: RoomSession,
  conn: RoomConnection,
  frameId: string,
  held: Omit<HeldMessage, 'frameId' | 'callId'>,
): void {
  const { store, runtime } = session;
  const callId = store.state.facts.call?.callId ?? null;
  const rate = frameRateOf(store.state.people.get(conn.identity)?.role);
  // Its frame was charged as an event, and it costs what other parts of the product do for it.
  const cost = EXTRA_COST.asyncWork - EXTRA_COST.event;
  if (!takeTokens(conn, cost, rate, runtime.clock.now())) throw socketErrors.tooFast();
  runAsync(session, conn, frameId, async (services, roomKey) => {
    const messageId = await services.holdMessage(roomKey, { ...held, frameId, callId });
    reply(session, conn, { type: 'ack', id: frameId, seq: null, result: { messageId, held: true } });
  });
}
