import { describe, expect, it } from 'vitest';
import type { ClusterRecording } from '../../../src/calls/clusters/index.ts';
import {
  changeByConsent,
  isCounted,
  isExpired,
  isOver,
  MOVES,
  moveTo,
} from '../../../src/media/recordings/recordings.rules.ts';
import type { Recording } from '../../../src/media/recordings/recordings.tables.ts';
import { changeByObject, changeByReport } from '../../../src/media/recordings/report.rules.ts';

const NOW = Date.parse('2026-01-05T10:00:00.000Z');
const requested: Recording = {
  id: 'rec_1',
  organizationId: 'org_1',
  roomId: 'room_1',
  callId: 'call_1',
  storage: 'bucket',
  checksum: null,
  checksumBegunAt: null,
  storedBytes: 0,
  bucketId: 'bkt_1',
  cluster: 'default',
  kind: 'composite',
  subject: '',
  state: 'requested',
  reason: null,
  objectKey: 'x.mp4',
  egress: null,
  sizeBytes: null,
  durationMs: null,
  requestedBy: 'usr_1',
  startedAt: null,
  stopRequestedAt: null,
  endedAt: null,
  stopReason: null,
  consentDueAt: null,
  agreedAt: null,
  begunAt: null,
  expiresAt: null,
  deleteRequestedAt: null,
  deletionCause: null,
  heldBy: null,
  heldFor: null,
  etag: null,
  stateAt: new Date(NOW),
  listedAt: null,
  createdAt: new Date(NOW),
  updatedAt: new Date(NOW),
  version: 1,
};
const report = (
  status: ClusterRecording['status'],
  changes: Partial<ClusterRecording> = {},
): ClusterRecording => ({
  egressId: 'EG_1',
  room: 'call_1',
  status,
  keys: ['x.mp4'],
  file: ['complete', 'limit_reached'].includes(status) ? { sizeBytes: 1_000, durationMs: 60_000 } : null,
  startedAtMs: NOW,
  endedAtMs: ['starting', 'active', 'ending'].includes(status) ? null : NOW + 60_000,
  ...changes,
});
const after = (...statuses: ClusterRecording['status'][]): Recording =>
  statuses.reduce<Recording>(
    (recording, status) => ({ ...recording, ...changeByReport(recording, report(status), NOW) }),
    requested,
  );
const object = (sizeBytes: number) => ({ sizeBytes, etag: '"1"', checksum: null });
const STATUSES = ['starting', 'active', 'ending', 'complete', 'failed', 'aborted', 'limit_reached'] as const;
const ORDER = ['requested', 'starting', 'active', 'finalizing', 'verifying'];

describe('a recording', () => {
  it('goes from state to state as the cluster reports', () => {
    expect(after('starting').state).toBe('starting');
    expect(after('starting', 'active').state).toBe('active');
    expect(after('starting', 'active', 'ending').state).toBe('finalizing');
    const verifying = {
      state: 'verifying',
      reason: null,
      sizeBytes: 1_000,
      durationMs: 60_000,
      egress: 'EG_1',
    };
    expect(after('starting', 'active', 'ending', 'complete')).toMatchObject(verifying);
    expect(after('active', 'failed')).toMatchObject({ state: 'failed', reason: 'recorder_failed' });
    expect(after('starting', 'aborted')).toMatchObject({ state: 'failed', reason: 'recorder_aborted' });
    expect(after('active', 'limit_reached')).toMatchObject({ state: 'verifying', reason: 'limit_reached' });
  });

  it('never goes back, whatever is reported late, twice or in whichever order', () => {
    for (const first of STATUSES)
      for (const second of STATUSES)
        for (const third of STATUSES) {
          const steps = [after(first), after(first, second), after(first, second, third)].map(
            ({ state }) => state,
          );
          for (const [at, state] of steps.entries()) {
            const before = steps[at - 1];
            if (before === undefined) continue;
            if (isOver(before)) expect(state).toBe(before);
            else expect(isOver(state) || ORDER.indexOf(state) >= ORDER.indexOf(before)).toBe(true);
          }
        }
    expect(after('failed', 'ending')).toMatchObject({ state: 'failed', reason: 'recorder_failed' });
  });

  it('moves as the table of moves says, and only a hold and a compression come back', () => {
    const states = Object.keys(MOVES) as (keyof typeof MOVES)[];
    const back = states.flatMap((from) =>
      MOVES[from].filter((to) => MOVES[to].includes(from)).map((to) => `${from} ${to}`),
    );
    expect(back).toEqual(['ready compressing', 'ready held', 'compressing ready', 'held ready']);
    for (const from of states)
      for (const to of states)
        expect(moveTo({ state: from }, to, null, NOW).state).toBe(MOVES[from].includes(to) ? to : undefined);
  });

  it('whose recorder has completed it is ready or has failed, but is not lost; one that is gone is nothing else any more', () => {
    expect(MOVES.verifying).toEqual(['ready', 'failed']);
    expect([MOVES.expired, MOVES.deleted]).toEqual([[], []]);
  });

  it('that has come to its end takes nothing from a later report, neither size nor key nor times', () => {
    const ready: Recording = { ...after('active', 'complete'), state: 'ready' };
    const later = { file: { sizeBytes: 7, durationMs: 7 }, keys: ['x.mp4.other'], egressId: 'EG_2' };
    for (const status of STATUSES)
      expect(changeByReport(ready, report(status, later), NOW), status).toEqual({});
  });

  it('expires at the moment at which its time is over, unless it is held, or its deletion was requested', () => {
    const ready: Recording = { ...requested, state: 'ready', expiresAt: new Date(NOW) };
    expect([isExpired(ready, NOW - 1), isExpired(ready, NOW)]).toEqual([false, true]);
    expect(isExpired({ ...ready, expiresAt: null }, NOW)).toBe(false);
    expect(isExpired({ ...ready, state: 'held' }, NOW)).toBe(false);
    expect(isExpired({ ...ready, deleteRequestedAt: new Date(NOW) }, NOW)).toBe(false);
  });

  it('fails at the moment at which the time to agree is over, and begins when the last one has agreed, however late', () => {
    const waiting: Recording = { ...requested, consentDueAt: new Date(NOW) };
    const missing = { isConsentRefused: false, isConsentMissing: true };
    expect(changeByConsent(waiting, missing, NOW - 1)).toEqual({});
    expect(changeByConsent(waiting, missing, NOW)).toMatchObject({
      state: 'failed',
      reason: 'consent_missing',
    });
    const agreed = { agreedAt: new Date(NOW + 1), stateAt: new Date(NOW + 1) };
    expect(changeByConsent(waiting, { ...missing, isConsentMissing: false }, NOW + 1)).toEqual(agreed);
  });

  it('counts once it is over and complete, whatever a bucket of the customer did with it', () => {
    const counts = (state: Recording['state'], reason: Recording['reason'], storage: Recording['storage']) =>
      isCounted({ state, reason, storage });
    expect([counts('verifying', null, 'product'), counts('ready', null, 'product')]).toEqual([false, true]);
    expect([counts('ready', 'limit_reached', 'product'), counts('deleted', null, 'bucket')]).toEqual([
      true,
      true,
    ]);
    for (const reason of ['bucket_removed', 'object_missing', 'size_differs', 'not_verified'] as const)
      expect([counts('failed', reason, 'bucket'), counts('failed', reason, 'product')], reason).toEqual([
        true,
        false,
      ]);
    expect(counts('failed', 'recorder_failed', 'bucket')).toBe(false);
  });

  it('has the key under which its object was written, when that begins with the one that was asked for', () => {
    const track = { ...requested, objectKey: 'calls/rec_1' };
    const keyOf = (...keys: string[]) => changeByReport(track, report('complete', { keys }), NOW).objectKey;
    expect(keyOf('calls/rec_1', 'calls/rec_1.webm')).toBe('calls/rec_1.webm');
    expect(keyOf('calls/rec_1', 'others/rec_1.webm')).toBe('calls/rec_1');
  });

  it('that completes without a file has failed', () => {
    const change = changeByReport(after('active'), report('complete', { file: null }), NOW);
    expect(change).toMatchObject({ state: 'failed', reason: 'no_file' });
  });

  it('is ready when its object has the reported size and a plausible duration', () => {
    const verifying = after('active', 'complete');
    expect(changeByObject(verifying, object(1_000), NOW)).toMatchObject({
      state: 'ready',
      reason: null,
      etag: '"1"',
    });
    expect(changeByObject(verifying, null, NOW)).toMatchObject({ state: 'failed', reason: 'object_missing' });
    expect(changeByObject(verifying, object(999), NOW)).toMatchObject({
      state: 'failed',
      reason: 'size_differs',
    });
    expect(changeByObject({ ...verifying, sizeBytes: 0 }, object(0), NOW)).toMatchObject({
      reason: 'size_differs',
    });
    expect(changeByObject({ ...verifying, durationMs: 65_000 }, object(1_000), NOW)).toMatchObject({
      state: 'ready',
    });
    for (const durationMs of [null, 0, 65_001, 90_000])
      expect(changeByObject({ ...verifying, durationMs }, object(1_000), NOW)).toMatchObject({
        reason: 'duration_differs',
      });
    expect(changeByObject(after('limit_reached'), object(1_000), NOW)).toMatchObject({
      state: 'ready',
      reason: 'limit_reached',
    });
    expect(changeByObject({ ...verifying, state: 'lost' }, object(1_000), NOW).state).toBeUndefined();
  });
});
