import { describe, expect, it } from 'vitest';
import type { ClusterParticipant } from '../../../src/calls/clusters/index.ts';
import { parseStoredEvent } from '../../../src/calls/sync/parse-cluster-event.ts';
import {
  boundEvidenceByLists,
  type Evidence,
  evidenceOfEvent,
  evidenceOfLists,
  listLedgerChanges,
  type LedgerState,
  mergeEvidence,
  NO_CALL_EVIDENCE,
  countPeakParticipants,
  deriveParticipants,
  type ParsedClusterEvent,
  deriveLedgerState,
} from '../../../src/calls/ledger/index.ts';
import { recordedEvents } from '../../support/livekit/contract/events.ts';

const CREATED_MS = 0;
const ROOM = { createdAtMs: 1_000 };

/** The evidence of a cluster's event at this second. */
const eventEvidence = (
  type: string,
  atSeconds: number,
  participant?: Partial<ClusterParticipant> | null,
  more: Partial<ParsedClusterEvent> = {},
): Evidence =>
  evidenceOfEvent({
    type,
    atMs: atSeconds * 1000,
    receivedAtMs: atSeconds * 1000 + 40,
    room: type.startsWith('track') ? null : ROOM,
    endReason: null,
    participant: participant
      ? { sid: 'PA_1', identity: 'usr_a', name: '', joinedAtMs: 0, tracks: [], ...participant }
      : null,
    leaveReason: null,
    track: null,
    ...more,
  });

const joined = (atSeconds: number, sid = 'PA_1', more: Partial<ClusterParticipant> = {}) =>
  eventEvidence('participant_joined', atSeconds, { sid, joinedAtMs: atSeconds * 1000, name: 'Ada', ...more });
const left = (
  atSeconds: number,
  sid = 'PA_1',
  leaveReason: ParsedClusterEvent['leaveReason'] = 'left',
  more: Partial<ClusterParticipant> = {},
) => eventEvidence('participant_left', atSeconds, { sid, ...more }, { leaveReason });
const camera = { sid: 'TR_1', kind: 'video', source: 'camera', muted: false } as const;
const finished = (atSeconds: number) => eventEvidence('room_finished', atSeconds);

const stateOf = (...all: Evidence[]): LedgerState => deriveLedgerState(mergeEvidence(...all), CREATED_MS);
const personIn = (ledger: LedgerState, identity = 'usr_a') => deriveParticipants(ledger).get(identity)!;

/** The evidence of a sweep at this second with these participants in the list; without a list there is no room. */
function sweepEvidence(
  known: LedgerState,
  atSeconds: number,
  participants?: Partial<ClusterParticipant>[],
): Evidence {
  const times = { askedAtMs: atSeconds * 1000, answeredAtMs: atSeconds * 1000 + 100 };
  if (!participants) return evidenceOfLists(known, { room: { ...times, value: undefined } });
  const room = { name: 'call', sid: 'RM_1', createdAtMs: 1_000, participants: participants.length };
  const value = participants.map((each) => ({
    sid: 'PA_1',
    identity: 'usr_a',
    name: '',
    state: 'active' as const,
    joinedAtMs: 2_000,
    tracks: [],
    ...each,
  }));
  return evidenceOfLists(known, { room: { ...times, value: room }, participants: { ...times, value } });
}

/** The cluster reports events in whole seconds. */
const fact = (atSeconds: number, how: string, uncertaintySeconds = how === 'event' ? 1 : 0) =>
  expect.objectContaining({ atMs: atSeconds * 1000, how, uncertaintySeconds });

describe('the events of a real cluster', () => {
  it('give the whole call', async () => {
    const events = await recordedEvents();
    const all = await Promise.all(
      events.map(async (event) =>
        evidenceOfEvent(await parseStoredEvent(JSON.stringify(event), 1_795_000_001_000)),
      ),
    );
    const ledger = stateOf(...all);
    expect(ledger.call).toMatchObject({
      status: 'ended',
      endReason: 'empty',
      started: { atMs: 1_795_000_000_123, how: 'event', uncertaintySeconds: 0 },
      ended: { how: 'event' },
    });
    expect(
      ledger.connections.map(({ identity, name, leaveReason }) => [identity, name, leaveReason]),
    ).toEqual(
      expect.arrayContaining([
        ['usr_a', 'Ada', 'left'],
        ['usr_b', 'Ben', 'left'],
      ]),
    );
    expect(ledger.tracks.map(({ kind, source }) => [kind, source])).toEqual(
      expect.arrayContaining([
        ['video', 'camera'],
        ['audio', 'microphone'],
      ]),
    );
    const facts = ledger.connections.flatMap((each) => [each.joined, each.left]);
    expect(new Set(facts.map((each) => each?.how))).toEqual(new Set(['event']));
  });
});

describe('times in whole seconds', () => {
  const track = { track: camera };

  it('are uncertain by a second, and never come before their cause', () => {
    const { call, connections, tracks } = stateOf(
      eventEvidence('participant_joined', 10, { joinedAtMs: 10_420 }, { room: { createdAtMs: 10_300 } }),
      eventEvidence('track_published', 10, {}, track),
      eventEvidence('track_unpublished', 10, {}, track),
      left(10),
      finished(10),
    );
    const reported = { atMs: 10_420, how: 'event', uncertaintySeconds: 1 };
    expect(call).toMatchObject({ started: { atMs: 1_000 }, ended: reported });
    expect(connections).toMatchObject([{ joined: { atMs: 10_420, uncertaintySeconds: 0 }, left: reported }]);
    expect(tracks).toMatchObject([{ published: reported, unpublished: reported }]);
  });

  it('do not come before their cause either when their cause was not reported itself', () => {
    const { call, tracks } = stateOf(
      eventEvidence('track_published', 10, { joinedAtMs: 10_420 }, track),
      eventEvidence('track_unpublished', 12, {}, { track: { ...camera, sid: 'TR_2' } }),
    );
    expect(call.started!.atMs).toBeLessThanOrEqual(10_420);
    expect(tracks.map(({ published }) => published.atMs)).toEqual([10_420, 12_000]);
  });

  it('an end here is the cause of the end at the cluster in the same second', () => {
    const closed = { atMs: 20_400, how: 'event', knownAtMs: 20_400, reason: 'closed' } as const;
    const here: Evidence = {
      call: { ...NO_CALL_EVIDENCE, closed },
      connections: new Map(),
      tracks: new Map(),
    };
    expect(stateOf(joined(10), here, finished(20)).call.ended).toMatchObject({
      atMs: 20_400,
      uncertaintySeconds: 0,
    });
  });
});

describe('facts implied by an event', () => {
  it('a leave says when the participant had joined', () => {
    const { connections } = stateOf(left(60, 'PA_1', 'left', { joinedAtMs: 12_345, name: 'Ada' }));
    expect(connections).toMatchObject([{ name: 'Ada', connected: true }]);
    expect(connections[0]!.joined).toMatchObject({ atMs: 12_345, how: 'event', uncertaintySeconds: 0 });
  });

  it('an unpublication says that there was a track and a participant', () => {
    const { tracks, connections } = stateOf(
      eventEvidence('track_unpublished', 30, { sid: 'PA_1' }, { track: camera }),
      joined(10),
    );
    expect(tracks[0]).toMatchObject({ published: fact(30, 'inferred', 20), unpublished: fact(30, 'event') });
    expect(connections).toHaveLength(1);
  });

  it('every event that names a participant proves that they were in the call', () => {
    const alone = stateOf(
      eventEvidence('track_published', 30, { sid: 'PA_1' }, { track: camera }),
      finished(50),
    );
    expect(alone.connections[0]).toMatchObject({
      joined: { how: 'inferred', atMs: 30_000 },
      left: fact(50, 'inferred', 20),
      leaveReason: 'call_ended',
    });
    expect(alone.call.status).toBe('ended');
  });

  it('every event with the whole room says when the call began, to the millisecond', () => {
    expect(stateOf(left(60, 'PA_1', 'left', { joinedAtMs: 5_000 })).call.started).toMatchObject({
      atMs: 1_000,
      how: 'event',
    });
  });
});

describe('participants', () => {
  it('a participant who rejoins stays one participant with two connections', () => {
    const ledger = stateOf(joined(10), left(20), joined(30, 'PA_2'), left(45, 'PA_2'));
    expect(ledger.connections.map(({ sid }) => sid)).toEqual(['PA_1', 'PA_2']);
    expect(personIn(ledger)).toMatchObject({
      status: 'left',
      joinedAtMs: 10_000,
      leftAtMs: 45_000,
      connectedMs: 25_000,
    });
  });

  it('with a broken connection are disconnected while the call lasts, and have left when it ends', () => {
    const broken = [joined(10), left(20, 'PA_1', 'connection_lost')];
    expect(personIn(stateOf(...broken)).status).toBe('disconnected');
    expect(personIn(stateOf(...broken, joined(25, 'PA_2'))).status).toBe('connected');
    expect(personIn(stateOf(...broken, finished(60))).status).toBe('left');
    expect(personIn(stateOf(joined(10), left(20))).status).toBe('left');
  });

  it('that rejoin after a crash without a leave event left, at the latest, when they rejoined', () => {
    const { connections } = stateOf(joined(10), joined(50, 'PA_2'));
    expect(connections).toMatchObject([
      { sid: 'PA_1', left: fact(50, 'inferred', 40), leaveReason: 'replaced' },
      { sid: 'PA_2', left: null },
    ]);
  });

  it('that join on a second device leave on the first, and count once', () => {
    const ledger = stateOf(joined(10), joined(30, 'PA_2'), left(31, 'PA_1', 'replaced'));
    expect(personIn(ledger)).toMatchObject({ status: 'connected', leftAtMs: null });
    expect(countPeakParticipants(ledger.connections, () => true)).toBe(1);
  });

  it('have the latest name, and each connection its own', () => {
    const again = joined(30, 'PA_2', { name: 'Ada L.' });
    const ledger = stateOf(again, left(20), joined(10), left(40, 'PA_2', 'left', { name: 'Ada Lovelace' }));
    expect(ledger.connections.map(({ name }) => name)).toEqual(['Ada', 'Ada Lovelace']);
    expect(personIn(ledger).name).toBe('Ada Lovelace');
  });

  it('are not connected by an aborted attempt, which is listed and counts in no sum', () => {
    const aborted = eventEvidence(
      'participant_connection_aborted',
      20,
      { sid: 'PA_1', joinedAtMs: 5_000 },
      { leaveReason: 'join_failed' },
    );
    const ledger = stateOf(aborted);
    expect(ledger.call.status).toBe('waiting');
    expect(ledger.connections).toMatchObject([{ connected: false, leaveReason: 'join_failed' }]);
    expect(personIn(ledger)).toMatchObject({ status: 'waiting', joinedAtMs: null, connectedMs: 0 });
    expect(listLedgerChanges(stateOf(), ledger)).toEqual([]);
    // The cluster also reports this for some that were connected and resumed.
    expect(stateOf(aborted, joined(5)).connections).toMatchObject([
      { connected: true, left: { atMs: 20_000, how: 'event' } },
    ]);
  });

  it('count in the peak of connected identities, unless their role is not counted', () => {
    const other = (atSeconds: number, identity: string) => joined(atSeconds, `PA_${identity}`, { identity });
    const { connections } = stateOf(
      joined(10),
      left(20),
      other(20, 'usr_b'),
      other(21, 'usr_c'),
      other(22, 'agt_x'),
      left(30, 'PA_usr_b', 'left', { identity: 'usr_b' }),
    );
    expect(countPeakParticipants(connections, () => true)).toBe(3);
    expect(countPeakParticipants(connections, (identity) => identity !== 'agt_x')).toBe(2);
    expect(countPeakParticipants(stateOf(joined(10), left(10)).connections, () => true)).toBe(1);
  });
});

describe('a list', () => {
  const known = stateOf(joined(10));

  it('without a participant ends their connection between the last sighting and the list', () => {
    const { connections } = stateOf(joined(10), sweepEvidence(known, 60, []));
    expect(connections[0]!.left).toMatchObject({ atMs: 60_100, how: 'inferred', uncertaintySeconds: 50.1 });
  });

  it('does not end what was seen shortly before its request, or later', () => {
    for (const seenAt of [56, 59, 61, 300]) {
      const seen = eventEvidence('track_published', seenAt, { sid: 'PA_1' }, { track: camera });
      expect(stateOf(joined(10), sweepEvidence(known, 60, []), seen).connections[0]!.left).toBeNull();
    }
  });

  it('is outweighed by a later list with the participant, and by every event', () => {
    const gone = sweepEvidence(known, 60, []);
    expect(stateOf(joined(10), gone, sweepEvidence(known, 120, [{}])).connections[0]!.left).toBeNull();
    expect(stateOf(joined(10), gone, left(30)).connections[0]!.left).toEqual(fact(30, 'event'));
    expect(stateOf(joined(10), left(30), sweepEvidence(known, 120, [{}])).connections[0]!.left).toEqual(
      fact(30, 'event'),
    );
  });

  it('keeps the name that an event gave when the list has none', () => {
    const listed = sweepEvidence(known, 60, [{ name: '' }]);
    expect(stateOf(joined(10), listed).connections[0]!.name).toBe('Ada');
    const renamed = sweepEvidence(known, 60, [{ name: 'Ada L.' }]);
    expect(stateOf(joined(10), renamed).connections[0]!.name).toBe('Ada L.');
  });

  it('does not apply to participants who are still connecting', () => {
    const connecting = sweepEvidence(known, 60, [{ state: 'joining' }, { sid: 'PA_2', state: 'joined' }]);
    expect(stateOf(joined(10), connecting).connections).toMatchObject([{ sid: 'PA_1', left: null }]);
  });

  it('without the room ends the call and everything open in it, but not what came after', () => {
    const gone = sweepEvidence(known, 60);
    const { call, connections } = stateOf(joined(10), gone);
    expect(call).toMatchObject({ status: 'ended', endReason: 'lost', ended: { how: 'inferred' } });
    expect(connections).toMatchObject([{ leaveReason: 'call_ended', left: { uncertaintySeconds: 50.1 } }]);
    expect(stateOf(joined(10), gone, joined(58, 'PA_2', { identity: 'usr_b' })).call.status).toBe('active');
  });

  it('without the room, once everybody is reported to have left, ends the call as empty until the event arrives', () => {
    const gone = sweepEvidence(known, 60);
    const { call } = stateOf(joined(10), left(30), gone);
    expect(call).toMatchObject({ status: 'ended', endReason: 'empty', ended: { how: 'inferred' } });
    const { call: reported } = stateOf(joined(10), left(30), gone, finished(35));
    expect(reported).toMatchObject({ endReason: 'empty', ended: fact(35, 'event') });
  });

  it('bounds when tracks were published and unpublished', () => {
    const there = stateOf(joined(10), sweepEvidence(known, 60, [{ tracks: [camera] }]));
    expect(there.tracks[0]).toMatchObject({
      published: { atMs: 60_100, how: 'sweep', uncertaintySeconds: 50.1 },
    });
    const muted = sweepEvidence(there, 120, [{ tracks: [{ ...camera, muted: true }] }]);
    const after = stateOf(joined(10), sweepEvidence(known, 60, [{ tracks: [camera] }]), muted);
    expect(after.tracks[0]).toMatchObject({ muted: true, unpublished: null });
    const gone = stateOf(
      joined(10),
      sweepEvidence(known, 60, [{ tracks: [camera] }]),
      muted,
      sweepEvidence(after, 180, [{}]),
    );
    expect(gone.tracks[0]).toMatchObject({
      muted: true,
      unpublished: { atMs: 180_100, how: 'inferred', uncertaintySeconds: 60.1 },
    });
  });

  it('a new item began no earlier than the last list without it', () => {
    const evidence = mergeEvidence(joined(10), sweepEvidence(known, 60, [{}]));
    const news = boundEvidenceByLists(
      evidence,
      sweepEvidence(deriveLedgerState(evidence, CREATED_MS), 120, [{ tracks: [camera] }]),
    );
    const bound = stateOf(evidence, news);
    expect(bound.tracks[0]!.published).toMatchObject({ atMs: 120_100, uncertaintySeconds: 65.1 });
    const late = eventEvidence('track_published', 30, { sid: 'PA_1' }, { track: camera });
    expect(stateOf(evidence, news, late).tracks[0]!.published).toEqual(fact(30, 'event'));
  });
});

describe('a call that is over', () => {
  it('stays over when somebody connects afterwards, whose connection is open until it ends', () => {
    const late = joined(100, 'PA_9', { identity: 'usr_late' });
    const ledger = stateOf(joined(10), finished(60), late);
    expect(ledger.call).toMatchObject({ status: 'ended', ended: fact(60, 'event') });
    expect(ledger.connections.map(({ left: end }) => end?.atMs ?? null)).toEqual([60_000, null]);
  });

  it('has the changes of all participants in the order in which they happened', () => {
    const other = { identity: 'usr_other' };
    const all = stateOf(joined(10), left(50), joined(20, 'PA_2', other), left(30, 'PA_2', 'left', other));
    const moments = listLedgerChanges(stateOf(), all).flatMap((each) => ('atMs' in each ? [each.atMs] : []));
    expect(moments).toEqual([10_000, 20_000, 30_000, 50_000]);
  });

  it('has one end, also when its end is reported before its participants', () => {
    const [nothing, over, all] = [
      stateOf(),
      stateOf(finished(60)),
      stateOf(finished(60), joined(10), left(50)),
    ];
    expect(over.call.status).toBe('failed');
    expect(listLedgerChanges(nothing, over).map(({ type }) => type)).toEqual(['call.ended']);
    expect(listLedgerChanges(over, all).map(({ type }) => type)).toEqual([
      'call.started',
      'participant.joined',
      'participant.left',
    ]);
  });
});
