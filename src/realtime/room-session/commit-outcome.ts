import {
  agentsIn,
  type Audience,
  canUseFeature,
  captionRequests,
  hasModeratorRole,
  isChatEvent,
  type RoomOutcome,
  toHiddenText,
  type WrittenEvent,
} from '../room-state/index.ts';
import type { TransientFrame } from '../protocol/index.ts';
import type { FrameSource } from '../room-store/index.ts';
import { type RoomConnection, isPresent, restsOn } from '../room-connections/index.ts';
import type { RoomSession } from './room-session.ts';

/** The due task that persists chat; the name is stored. */
export const PERSIST_CHAT_TASK = 'drain';
/** Chat waits this long before it is persisted, so that a burst is one batch. */
const PERSIST_CHAT_AFTER_MS = 500;

function audienceFilter({ store }: RoomSession, to: Audience): (conn: RoomConnection) => boolean {
  switch (to.kind) {
    case 'all':
      return isPresent;
    case 'moderators':
      return (conn) => isPresent(conn) && hasModeratorRole(store.state.people.get(conn.identity));
    case 'identities': {
      const identities = new Set(to.identities);
      return (conn) => conn.lobbyEntryId === null && identities.has(conn.identity);
    }
    case 'waiting':
      // Before its hello a socket receives nothing; the answer to it says what was decided.
      return (conn) => conn.hello && conn.lobbyEntryId === to.lobbyEntryId;
    case 'sockets':
      return (conn) => conn.identity === to.identity;
    case 'credential':
      return (conn) => restsOn(conn, to);
    case 'everyone':
      return () => true;
  }
}

function sendTransient(session: RoomSession, to: Audience, text: string): void {
  const { connections } = session;
  if (to.kind === 'all') return connections.broadcast(text);
  const isInAudience = audienceFilter(session, to);
  for (const conn of connections.all()) if (conn.hello && isInAudience(conn)) connections.send(conn, text);
}

/** Whether chat events may be shown to the person. */
export function hasChatAccess({ store: { state } }: RoomSession, identity: string): boolean {
  const person = state.people.get(identity);
  return person !== undefined && canUseFeature(person, state.facts, 'chat');
}

/** Sends an event to everybody; in place of a chat event, people without chat get `hidden`. */
function broadcastEvent(session: RoomSession, event: WrittenEvent): void {
  const { connections } = session;
  if (!isChatEvent(event)) return connections.broadcast(event.text);
  connections.broadcast(event.text, {
    appliesTo: ({ identity }) => !hasChatAccess(session, identity),
    text: toHiddenText(event),
  });
}

/** What agents are sent about the languages of captions, as text. */
const requestsText = ({ store: { state } }: RoomSession): string =>
  JSON.stringify({ type: 'captions.asked', ...captionRequests(state) } satisfies TransientFrame);

/** Agents learn when people ask for or listen to other languages: by asking, coming, leaving, or because languages are no longer offered. */
function sendRequests(session: RoomSession, before: string): void {
  const { state } = session.store;
  const text = requestsText(session);
  if (text === before) return;
  sendTransient(session, { kind: 'identities', identities: agentsIn(state) }, text);
}

/**
 * Applies an outcome: stores its changes, numbers and stores its events, sends frames, closes sockets. An event is made
 * into text once. Nothing leaves before it is stored: the runtime holds back what is sent until then.
 * @param source the frame that the first event comes from
 * @returns the number of the last event; null when there was none
 */
export function commitOutcome(
  session: RoomSession,
  outcome: RoomOutcome,
  source?: FrameSource,
): number | null {
  const { runtime, store, log, connections, due } = session;
  const nowMs = runtime.clock.now();
  const asked = requestsText(session);
  for (const change of outcome.changes) store.applyChange(change);
  const written = outcome.events.map((event, i) => log.append(event, nowMs, i === 0 ? source : undefined));
  for (const event of written) broadcastEvent(session, event);
  if (outcome.changes.length > 0) sendRequests(session, asked);
  for (const { to, frame } of outcome.transient) sendTransient(session, to, JSON.stringify(frame));
  for (const { to, closeName } of outcome.closes)
    for (const conn of [...connections.all()].filter(audienceFilter(session, to)))
      connections.close(conn, closeName);
  if (written.some(isChatEvent)) due.addEarliest(nowMs + PERSIST_CHAT_AFTER_MS, PERSIST_CHAT_TASK);
  return written.at(-1)?.seq ?? null;
}
