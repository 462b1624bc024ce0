import { type FrameOf, reduce, type Reducers, type RoomServerFrame } from '../frames.ts';
import { formatTime } from '../texts.ts';

export type RunningRecording = FrameOf<'recording.running'>['recording'];
/** Recordings that run or are about to begin, by id, in the order in which they were asked for. */
export type RecordingList = ReadonlyMap<string, RunningRecording>;

const REDUCERS: Reducers<RecordingList> = {
  welcome: (_, { state: { recordings } }) => new Map(recordings.map((each) => [each.recordingId, each])),
  'recording.running': (list, { recording }) => new Map(list).set(recording.recordingId, recording),
  'recording.over': (list, { recordingId }) => {
    const rest = new Map(list);
    rest.delete(recordingId);
    return rest;
  },
};

/** The recordings of the call after one more frame. */
export const reduceRecordings = (list: RecordingList, frame: RoomServerFrame): RecordingList =>
  reduce(REDUCERS, list, frame);

type ConsentView = FrameOf<'recording.consent_changed'>['consent'];
/** Whether the people who were asked agree to be recorded, by identity. */
export type ConsentList = ReadonlyMap<string, ConsentView['consent']>;

const CONSENT_REDUCERS: Reducers<ConsentList> = {
  welcome: (_, { state: { recordingConsents } }) =>
    new Map(recordingConsents.map(({ identity, consent }) => [identity, consent])),
  'recording.consent_changed': (list, { consent: { identity, consent } }) =>
    new Map(list).set(identity, consent),
  'call.started': () => new Map(),
  'call.ended': () => new Map(),
};

/** The answers after one more frame. */
export const reduceConsents = (list: ConsentList, frame: RoomServerFrame): ConsentList =>
  reduce(CONSENT_REDUCERS, list, frame);

export interface RecordingNote {
  /** Always in sight while something is recorded, or is about to be; empty otherwise. */
  label: string;
  /** A whole sentence, for screen readers. */
  announcement: string;
  active: boolean;
  /** Whether the participant is asked to agree, or has agreed and can take it back. */
  consent: 'none' | 'asked' | 'given';
}

/** The person or part of the call that is recorded, for a sentence that begins with it. */
function describeSubject({ kind, subject }: RunningRecording, self: string, nameOf: NameOf): string {
  if (kind === 'audio') return 'The sound of this call is';
  if (kind === 'track') return 'A part of this call is';
  if (kind === 'participant')
    return subject === self ? 'You are' : `${nameOf(subject ?? '') ?? 'Somebody'} is`;
  return 'This call is';
}

/** @returns undefined for somebody who is not in the call */
type NameOf = (identity: string) => string | undefined;

/** The text about the recordings: what is recorded, since when, and the person who asked for it. */
export function describeRecordings(
  list: RecordingList,
  consents: ConsentList,
  { self, nameOf }: { self: string; nameOf: NameOf },
): RecordingNote {
  const all = [...list.values()];
  const first = all.find(({ active }) => active) ?? all[0];
  if (!first) return { label: '', announcement: '', active: false, consent: 'none' };
  const needsConsent = all.some((each) => each.consent === 'required');
  const consent = !needsConsent ? 'none' : consents.get(self) === 'given' ? 'given' : 'asked';
  const { active, by, since } = first;
  const asked = by === self ? 'you' : by === null ? 'the organization' : (nameOf(by) ?? 'a host');
  const time = formatTime(since);
  const more = all.length > 1 ? ` (${all.length} recordings)` : '';
  const subject = describeSubject(first, self, nameOf);
  return active
    ? {
        label: `Recording since ${time}, by ${asked}${more}`,
        announcement: `${subject} being recorded by ${asked}, since ${time}.`,
        active,
        consent,
      }
    : {
        label: `Recording ${needsConsent ? 'waits for consent' : 'begins'}, asked for by ${asked}${more}`,
        announcement: `${subject} about to be recorded. It was asked for by ${asked}.${needsConsent ? ' It begins once everybody has agreed.' : ''}`,
        active,
        consent,
      };
}
