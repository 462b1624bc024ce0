import { describe, expect, it } from 'vitest';
import { Doubt, DOUBT_MS } from '../../../workers/agents/doubt.ts';
import { FRAME, Playback, RATE, type Sink } from '../../../workers/agents/playback.ts';
import { sentencesOf } from '../../../workers/agents/sentences.ts';
import { framesOf } from '../../../workers/agents/wav-frames.ts';
import { encodeTone } from '../../bench/kit/tone.ts';

/** A track from which nothing is sent but what a test sends. */
class TestSink implements Sink {
  waiting: number[] = [];
  readonly sent: number[] = [];
  #drained: (() => void)[] = [];

  async capture(frame: Int16Array): Promise<void> {
    this.waiting.push(frame[0]!);
  }
  clear(): void {
    this.waiting = [];
    this.#release();
  }
  get queuedMs(): number {
    return this.waiting.length * 20;
  }
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained.push(resolve);
      if (this.waiting.length === 0) this.#release();
    });
  }
  send(frames: number): void {
    this.sent.push(...this.waiting.splice(0, frames));
    if (this.waiting.length === 0) this.#release();
  }
  #release(): void {
    for (const release of this.#drained.splice(0)) release();
  }
}

const frame = (name: number) => new Int16Array(FRAME).fill(name);

/** Five frames that are being said, of which two have been sent. */
async function createPlayback() {
  const sink = new TestSink();
  const playback = new Playback(sink);
  const turn = new AbortController();
  for (const name of [1, 2, 3, 4, 5]) await playback.play(frame(name), turn.signal);
  sink.send(2);
  return { sink, playback, turn };
}

describe('the voice of an agent', () => {
  it('is silent at once when somebody may speak, and continues where it stopped', async () => {
    const { sink, playback, turn } = await createPlayback();
    playback.pause();
    const next = playback.play(frame(6), turn.signal);
    expect(sink.waiting).toEqual([]);
    playback.resume();
    await next;
    expect(sink.waiting).toEqual([3, 4, 5, 6]);
    playback.pause();
    playback.resume();
    const drained = playback.drained(turn.signal);
    await expect.poll(() => sink.waiting).toEqual([3, 4, 5, 6]);
    sink.send(4);
    await drained;
    expect(sink.sent).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('has not said all while it is silent, and says no more when it was interrupted then', async () => {
    const { sink, playback, turn } = await createPlayback();
    let hasEnded = false;
    const drained = playback.drained(turn.signal).then(() => (hasEnded = true));
    playback.pause();
    const next = playback.play(frame(6), turn.signal);
    await Promise.resolve();
    expect(hasEnded).toBe(false);
    turn.abort();
    playback.clear();
    await Promise.all([next, drained]);
    expect(sink.waiting).toEqual([]);
    expect(sink.sent).toEqual([1, 2]);
  });

  it('waits until it is certain that somebody speaks, and continues when it was a cough', () => {
    const happened: string[] = [];
    const timers: { work: () => void; ms: number }[] = [];
    const doubt = new Doubt(
      { pause: () => happened.push('pause'), resume: () => happened.push('resume') },
      (work, ms) => {
        timers.push({ work, ms });
        return () => happened.push('timer off');
      },
    );
    doubt.begin();
    expect(happened).toEqual(['pause']);
    expect(timers[0]!.ms).toBe(DOUBT_MS);
    timers[0]!.work();
    expect(happened).toEqual(['pause', 'timer off', 'resume']);
    doubt.end();
    expect(happened).toHaveLength(3);
  });

  it('begins with the first sound of a sentence', async () => {
    const silence = Buffer.alloc(16_000 * 2 * 0.1);
    const tone = encodeTone(16_000, 1);
    const file = Buffer.concat([tone.subarray(0, 44), silence, tone.subarray(44)]);
    const frames: Int16Array[] = [];
    for await (const each of framesOf(new Blob([file]).stream())) frames.push(each);
    expect(frames[0]!.some((value) => value > 1_000)).toBe(true);
    // Its end fills another frame.
    expect(frames.length).toBe(RATE / FRAME + 1);
  });
});

async function* piecesOf(text: string) {
  for (const piece of text.split(/(?<= )/)) yield await Promise.resolve(piece);
}
const sentencesIn = async (text: string) => {
  const sentences: string[] = [];
  for await (const sentence of sentencesOf(piecesOf(text))) sentences.push(sentence);
  return sentences;
};

describe('an answer', () => {
  it.each([
    ['It is at three. Bring the plans.', ['It is at three.', 'Bring the plans.']],
    ['Well, the review is on Thursday, at three.', ['Well, the review is on Thursday,', 'at three.']],
    [
      'The weekly review takes place on Thursday in the large room on the third floor. It is long, and quiet.',
      [
        'The weekly review takes place on Thursday in the large room',
        'on the third floor.',
        'It is long, and quiet.',
      ],
    ],
    ['It costs 3.5 euros [1] in *all*', ['It costs 3.5 euros in all']],
  ])('"%s" is said in parts, of which the first is short', async (text, sentences) => {
    expect(await sentencesIn(text)).toEqual(sentences);
  });
});
