import type { CommandContext, ParsedLiveCommand } from './command-subject.rules.ts';
import { createOutcome, NO_OUTCOME, type RoomOutcome } from './outcome.rules.ts';

type CommandOf<T extends ParsedLiveCommand['type']> = Extract<ParsedLiveCommand, { type: T }>;

/** The state that ends with a call. */
export const OF_NO_CALL = { call: null, spotlight: null, recordingConsents: undefined } as const;

type RoomFacts = CommandContext['state']['facts'];

/** What is known of the consents to the recordings of one call. */
const consentsOf = (callId: string, { recordingConsents }: RoomFacts) =>
  recordingConsents?.callId === callId ? recordingConsents : undefined;

/** The outcome of a command about the room as a whole. */
export function changeFacts(
  command: CommandOf<'room.locked' | 'room.updated' | 'spotlight' | 'call.started' | 'call.ended'>,
  { state: { facts } }: CommandContext,
): RoomOutcome {
  const { by } = command;
  const factsOutcome = (value: typeof facts, event: RoomOutcome['events'][number]) =>
    createOutcome({ changes: [{ record: 'facts', value }], events: [event] });
  switch (command.type) {
    case 'room.locked': {
      const { locked } = command;
      return locked === facts.locked
        ? NO_OUTCOME
        : factsOutcome({ ...facts, locked }, { type: 'room.locked', locked, by });
    }
    case 'room.updated': {
      const features = { ...facts.features, ...command.features };
      const name = command.name ?? facts.name;
      return factsOutcome({ ...facts, name, features }, { type: 'room.updated', name, features, by });
    }
    case 'spotlight': {
      const { identity } = command;
      if (identity === facts.spotlight) return NO_OUTCOME;
      return factsOutcome({ ...facts, spotlight: identity }, { type: 'spotlight.changed', identity, by });
    }
    case 'call.started': {
      const { callId, startedAt } = command;
      // The newest call counts, independent of the order of the commands.
      if (facts.call && facts.call.startedAt >= startedAt) return NO_OUTCOME;
      const recordingConsents = consentsOf(callId, facts);
      const changed = { ...facts, call: { callId, startedAt }, recordingConsents };
      return factsOutcome(changed, { type: 'call.started', callId, startedAt });
    }
    case 'call.ended': {
      const { callId, endedAt } = command;
      const cleared = facts.call?.callId === callId ? OF_NO_CALL : {};
      return factsOutcome({ ...facts, ...cleared }, { type: 'call.ended', callId, endedAt });
    }
  }
}

/** Shows a recording that runs or is about to, and takes away one that is over. */
export function changeRecording(
  command: CommandOf<'recording.running' | 'recording.over'>,
  { state: { facts } }: CommandContext,
): RoomOutcome {
  const { recordingId: id } = command.recording;
  const others = facts.recordings.filter(({ recordingId }) => recordingId !== id);
  const toOutcome = (recordings: typeof facts.recordings, event: RoomOutcome['events'][number]) =>
    createOutcome({ changes: [{ record: 'facts', value: { ...facts, recordings } }], events: [event] });
  if (command.type === 'recording.running') {
    const { type, recording } = command;
    return toOutcome([...others, recording], { type, recording });
  }
  if (others.length === facts.recordings.length) return NO_OUTCOME;
  return toOutcome(others, { type: command.type, recordingId: id, failed: command.failed });
}

const MAX_CONSENTS_SHOWN = 1_000;

/**
 * Shows whether somebody agrees to be recorded in the call that runs. Of a call that is not known to run it is kept and not
 * shown, because the start may be on its way; a call that starts forgets those of another.
 */
export function changeRecordingConsent(
  { callId, identity, consent }: CommandOf<'recording.consent'>,
  { state: { facts } }: CommandContext,
): RoomOutcome {
  if (facts.call && facts.call.callId !== callId) return NO_OUTCOME;
  const known = consentsOf(callId, facts)?.people ?? [];
  const others = known.filter((each) => each.identity !== identity).slice(1 - MAX_CONSENTS_SHOWN);
  const person = { identity, consent };
  const recordingConsents = { callId, people: [...others, person] };
  return createOutcome({
    changes: [{ record: 'facts', value: { ...facts, recordingConsents } }],
    events: facts.call ? [{ type: 'recording.consent_changed', consent: person }] : [],
  });
}

/** Shows a live stream that is sent or is about to be, and takes away one that is over. */
export function changeStream(
  command: CommandOf<'stream.running' | 'stream.over'>,
  { state: { facts } }: CommandContext,
): RoomOutcome {
  const { streamId: id } = command.stream;
  const known = facts.streams ?? [];
  const others = known.filter(({ streamId }) => streamId !== id);
  const toOutcome = (streams: typeof known, event: RoomOutcome['events'][number]) =>
    createOutcome({ changes: [{ record: 'facts', value: { ...facts, streams } }], events: [event] });
  if (command.type === 'stream.running') {
    const { type, stream } = command;
    return toOutcome([...others, stream], { type, stream });
  }
  if (others.length === known.length) return NO_OUTCOME;
  return toOutcome(others, { type: command.type, streamId: id, failed: command.failed });
}
