import type { ParsedClusterEvent } from './event-evidence.rules.ts';
import type { ClusterLists } from './list-evidence.rules.ts';

/** How far the clock of a cluster may be wrong. A time further off says nothing, and would last in every sum. */
export const MAX_CLOCK_ERROR_MS = 900_000;

/** A value without the times that cannot be true, and how many they were. */
export interface Plausible<T> {
  value: T;
  dropped: number;
}

/** Replaces times, in milliseconds since the epoch, that are outside the bounds; 0 means that there is none. */
function createTimeFilter(createdMs: number, nowMs: number) {
  const filter = {
    dropped: 0,
    keep(atMs: number, fallback = 0): number {
      if (atMs === 0) return fallback;
      if (atMs >= createdMs - MAX_CLOCK_ERROR_MS && atMs <= nowMs + MAX_CLOCK_ERROR_MS) return atMs;
      filter.dropped++;
      return fallback;
    },
  };
  return filter;
}

/**
 * Drops times of an event that are absent, not numbers, from before the call or from the future: its own time becomes the
 * one at which it was received, the others become unknown.
 * @param createdMs when this product created the call: nothing about it is older
 */
export function dropOddTimes(event: ParsedClusterEvent, createdMs: number): Plausible<ParsedClusterEvent> {
  const { receivedAtMs, room, participant } = event;
  const filter = createTimeFilter(createdMs, receivedAtMs);
  const value = {
    ...event,
    atMs: filter.keep(event.atMs, receivedAtMs),
    room: room && { createdAtMs: filter.keep(room.createdAtMs) },
    participant: participant && { ...participant, joinedAtMs: filter.keep(participant.joinedAtMs) },
  };
  return { value, dropped: filter.dropped };
}

/** The same for the lists of a cluster. */
export function dropOddListTimes(lists: ClusterLists, createdMs: number): Plausible<ClusterLists> {
  const { room, participants } = lists;
  const filter = createTimeFilter(createdMs, room.answeredAtMs);
  const value: ClusterLists = {
    room: {
      ...room,
      value: room.value && { ...room.value, createdAtMs: filter.keep(room.value.createdAtMs) },
    },
    ...(participants && {
      participants: {
        ...participants,
        value: participants.value.map((each) => ({ ...each, joinedAtMs: filter.keep(each.joinedAtMs) })),
      },
    }),
  };
  return { value, dropped: filter.dropped };
}
