import { isHere, isHidden, iso, outcome, type Person, personView } from '../live-state/index.ts';
import { PING_SECONDS } from '../realtime/index.ts';
import { type Parts, perform } from './room-parts.ts';

/** Who is back within this time has not been away. */
export const GRACE_MS = 10_000;
const SWEEP_EVERY_MS = 120_000;
/** A little more than three pings: when a socket was heard is noted every half minute. */
const SILENT_AFTER_MS = 4 * PING_SECONDS * 1000;

export const SWEEP = 'sweep';
/** Begins what is due when somebody has been away for the grace. */
export const LEAVE = 'leave/';

/** Somebody says hello: they are here, and not about to be taken for gone. */
export function arrive(parts: Parts, person: Person): Person & { joinedAt: string } {
  parts.due.cancel(`${LEAVE}${person.identity}`);
  if (isHere(person)) return person;
  const joinedAt = iso(parts.log.nextAtMs(parts.world.clock.now()));
  const here = { ...person, joinedAt, status: 'active' as const, handRaisedAt: null };
  perform(
    parts,
    outcome({
      changes: [{ thing: 'person', id: person.identity, value: here }],
      events: isHidden(here) ? [] : [{ type: 'presence.joined', person: personView(here) }],
    }),
  );
  return here;
}

/** Somebody who has no socket any more is away. */
export function leave(parts: Parts, identity: string): void {
  const { store, connections, world } = parts;
  const person = store.state.people.get(identity);
  if (!isHere(person) || connections.presentOf(identity).length > 0) return;
  const value = { ...person, joinedAt: null, handRaisedAt: null, seenAtMs: world.clock.now() };
  perform(
    parts,
    outcome({
      changes: [{ thing: 'person', id: identity, value }],
      events: isHidden(person) ? [] : [{ type: 'presence.left', identity }],
    }),
  );
}

/** A socket is gone: who has no other is away, at once if they said so, else unless they come back soon. */
export function noteGone(parts: Parts, identity: string, onPurpose = false): void {
  const { connections, store, due, world } = parts;
  if (!isHere(store.state.people.get(identity)) || connections.presentOf(identity).length > 0) return;
  if (onPurpose) leave(parts, identity);
  else due.add(`${LEAVE}${identity}`, world.clock.now() + GRACE_MS);
}

/** Closes sockets that nothing was heard of. */
export function sweep(parts: Parts): void {
  const { connections, world } = parts;
  const nowMs = world.clock.now();
  for (const conn of connections.all()) {
    const heardAtMs = Math.max(conn.heardAtMs, world.lastPingMs(conn.line) ?? 0);
    if (nowMs - heardAtMs <= SILENT_AFTER_MS) continue;
    connections.close(conn, 'silent');
    noteGone(parts, conn.identity);
  }
  planSweep(parts);
}

/** Silent sockets are looked for as long as there are any sockets. */
export function planSweep({ connections, due, world }: Parts): void {
  if (connections.size > 0) due.add(SWEEP, world.clock.now() + SWEEP_EVERY_MS);
}
