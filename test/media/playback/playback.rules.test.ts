import { describe, expect, it } from 'vitest';
import {
  listChapters,
  placeStretches,
  type RecordedPerson,
} from '../../../src/media/playback/playback.rules.ts';

const startedAt = new Date('2026-01-05T09:00:00Z');
const time = { startedAt, durationMs: 600_000 };
const at = (seconds: number) => new Date(startedAt.getTime() + seconds * 1_000);
const stretch = (from: number, to: number | null) => ({ from: at(from), to: to === null ? null : at(to) });
const person = (name: string, fields: Partial<RecordedPerson>): RecordedPerson => ({
  participantId: `par_${name}`,
  name,
  present: [],
  sharing: [],
  ...fields,
});

describe('a stretch', () => {
  it('is cut to the recording; what lies outside of it is left out', () => {
    expect(
      placeStretches([stretch(-60, 10), stretch(-30, -10), stretch(590, null), stretch(700, 800)], time),
    ).toEqual([
      { fromSeconds: 0, toSeconds: 10 },
      { fromSeconds: 590, toSeconds: 600 },
    ]);
  });

  it('continues after an interruption of less than ten seconds, in whatever order they come', () => {
    expect(placeStretches([stretch(109.9, 200), stretch(0, 100)], time)).toEqual([
      { fromSeconds: 0, toSeconds: 200 },
    ]);
    expect(placeStretches([stretch(0, 100), stretch(110, 200)], time)).toHaveLength(2);
  });

  it('inside another one does not shorten it', () => {
    expect(placeStretches([stretch(0, 300), stretch(10, 20)], time)).toEqual([
      { fromSeconds: 0, toSeconds: 300 },
    ]);
  });
});

describe('the chapters', () => {
  const chapters = (...people: RecordedPerson[]) =>
    listChapters(people, time).map(({ atSeconds, type, name }) => [atSeconds, type, name]);

  it('begin with the start, and are the first coming, the last leaving and each shared screen, in order', () => {
    const ada = person('Ada', {
      present: [
        { fromSeconds: 5, toSeconds: 100 },
        { fromSeconds: 200, toSeconds: 400 },
      ],
      sharing: [{ fromSeconds: 50, toSeconds: 90 }],
    });
    expect(chapters(ada)).toEqual([
      [0, 'start', null],
      [5, 'participant_joined', 'Ada'],
      [50, 'screen_share_started', 'Ada'],
      [90, 'screen_share_ended', 'Ada'],
      [400, 'participant_left', 'Ada'],
    ]);
  });

  it('are none at the ends of the recording, where everybody comes and leaves', () => {
    const early = person('Ada', { present: [{ fromSeconds: 2.9, toSeconds: 597.1 }] });
    expect(chapters(early)).toEqual([[0, 'start', null]]);
    const late = person('Bob', { present: [{ fromSeconds: 3, toSeconds: 597 }] });
    expect(chapters(late)).toHaveLength(3);
  });
});
