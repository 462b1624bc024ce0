import { describe, expect, it } from 'vitest';
import {
  deriveLedgerState,
  dropOddTimes,
  type Evidence,
  evidenceOfEvent,
  evidenceOfLists,
  evidenceOfSilence,
  type LedgerState,
  listLedgerChanges,
  mergeEvidence,
  type ParsedClusterEvent,
  type TrackState,
} from '../../../src/calls/ledger/index.ts';

const camera = { sid: 'TR_1', kind: 'video', source: 'camera', muted: false } as const;

const joinEvent = (sid: string, atMs: number, joinedAtMs = atMs): ParsedClusterEvent => ({
  type: 'participant_joined',
  atMs,
  receivedAtMs: atMs + 40,
  room: { createdAtMs: 1_000 },
  endReason: null,
  participant: { sid, identity: `usr_${sid}`, name: '', joinedAtMs, tracks: [] },
  leaveReason: null,
  track: null,
});

const stateOf = (...all: Evidence[]): LedgerState => deriveLedgerState(mergeEvidence(...all), 0);

/** The list of a sweep at this second: one connection with a camera. */
const listWithCamera = (known: LedgerState, sid: string, askedAtMs: number): Evidence => {
  const times = { askedAtMs, answeredAtMs: askedAtMs + 100 };
  const room = { name: 'call', sid: 'RM_1', createdAtMs: 1_000, participants: 1 };
  const value = [
    { sid, identity: `usr_${sid}`, name: '', state: 'active' as const, joinedAtMs: 0, tracks: [camera] },
  ];
  return evidenceOfLists(known, { room: { ...times, value: room }, participants: { ...times, value } });
};

describe('a time that a cluster reports', () => {
  const CREATED_MS = 1_795_000_000_000;
  const RECEIVED_MS = CREATED_MS + 60_000;
  const dropIn = (atMs: number) => {
    const event = { ...joinEvent('PA_1', atMs), receivedAtMs: RECEIVED_MS, room: null, participant: null };
    const { value, dropped } = dropOddTimes(event, CREATED_MS);
    return [value.atMs, dropped];
  };

  it('counts up to fifteen minutes before the call was created, and not a millisecond earlier', () => {
    expect(dropIn(CREATED_MS - 900_000)).toEqual([CREATED_MS - 900_000, 0]);
    expect(dropIn(CREATED_MS - 900_001)).toEqual([RECEIVED_MS, 1]);
  });

  it('counts up to fifteen minutes after it was received, and not a millisecond later', () => {
    expect(dropIn(RECEIVED_MS + 900_000)).toEqual([RECEIVED_MS + 900_000, 0]);
    expect(dropIn(RECEIVED_MS + 900_001)).toEqual([RECEIVED_MS, 1]);
  });

  it('as that of a room or a participant is unknown when it is outside of these bounds', () => {
    const event = { ...joinEvent('PA_1', RECEIVED_MS, RECEIVED_MS + 900_001), receivedAtMs: RECEIVED_MS };
    const { value, dropped } = dropOddTimes(event, CREATED_MS);
    expect(value).toMatchObject({
      atMs: RECEIVED_MS,
      room: { createdAtMs: 0 },
      participant: { joinedAtMs: 0 },
    });
    expect(dropped).toBe(2);
  });

  it('that is absent is the one at which it was received, and not counted as wrong', () => {
    expect(dropIn(0)).toEqual([RECEIVED_MS, 0]);
  });
});

describe('a call that no source can report on any more', () => {
  const events = ['PA_1', 'PA_2'].map((sid, at) => evidenceOfEvent(joinEvent(sid, 2_000 + at * 10_000)));
  const joined = mergeEvidence(...events);
  const listed = mergeEvidence(joined, listWithCamera(stateOf(joined), 'PA_1', 10_000));
  const silence = evidenceOfSilence(stateOf(listed), listed, 500_000);
  const ledger = stateOf(listed, silence);
  const leftOf = (sid: string) => ledger.connections.find((each) => each.sid === sid)!.left;

  it('lasted for each connection until it was last seen: in a list, or when it joined', () => {
    expect(leftOf('PA_1')).toMatchObject({ atMs: 10_000, how: 'inferred', knownAtMs: 500_000 });
    expect(leftOf('PA_2')).toMatchObject({ atMs: 12_000, how: 'inferred', knownAtMs: 500_000 });
  });

  it('ended when somebody was last seen in it', () => {
    expect(ledger.call).toMatchObject({ status: 'ended', ended: { atMs: 12_000 } });
  });
});

it('a track that only a list shows was published at any moment since its connection can have joined', () => {
  // The cluster reports the join in whole seconds.
  const joined = evidenceOfEvent(joinEvent('PA_1', 2_000, 0));
  const ledger = stateOf(joined, listWithCamera(stateOf(joined), 'PA_1', 10_000));
  expect(ledger.connections[0]!.joined).toMatchObject({ atMs: 2_000, uncertaintySeconds: 1 });
  expect(ledger.tracks[0]!.published).toMatchObject({ atMs: 10_100, uncertaintySeconds: 9.1 });
});

describe('between two states of a track', () => {
  const moment = (atMs: number) => ({ atMs, how: 'event', knownAtMs: atMs, uncertaintySeconds: 0 }) as const;
  const track = (unpublishedMs: number | null): TrackState => ({
    ...camera,
    connectionSid: 'PA_1',
    published: moment(1_000),
    unpublished: unpublishedMs === null ? null : moment(unpublishedMs),
  });
  const call = stateOf(evidenceOfEvent(joinEvent('PA_1', 2_000)));
  const changes = (before: TrackState[], after: TrackState[]) =>
    listLedgerChanges({ ...call, tracks: before }, { ...call, tracks: after }).map(({ type }) => type);

  it.each<[string, TrackState[], TrackState[], string[]]>([
    ['that is new', [], [track(null)], ['track.published']],
    ['that is new and over', [], [track(3_000)], ['track.published', 'track.unpublished']],
    ['that lasts', [track(null)], [track(null)], []],
    ['that ends', [track(null)], [track(3_000)], ['track.unpublished']],
    ['that was over already', [track(3_000)], [track(3_000)], []],
    ['that is back', [track(3_000)], [track(null)], ['track.published']],
  ])('one %s changes what it must', (_name, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });
});
