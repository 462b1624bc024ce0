import type { FoundOccurrence } from './read-occurrences.ts';
import type { OccurrenceView } from './occurrences.schemas.ts';

const isoOf = (ms: number) => new Date(ms).toISOString();

export function presentOccurrence({ room, occurrence }: FoundOccurrence): OccurrenceView {
  const { originalStartMs, startMs, durationSeconds, name, cancelled } = occurrence;
  return {
    roomId: room.id,
    originalStartsAt: isoOf(originalStartMs),
    startsAt: isoOf(startMs),
    durationSeconds,
    name: name ?? room.name,
    status: cancelled ? 'cancelled' : 'scheduled',
    changed:
      startMs !== originalStartMs || durationSeconds !== room.schedule?.durationSeconds || name !== null,
  };
}
