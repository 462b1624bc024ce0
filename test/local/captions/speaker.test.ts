import { describe, expect, it } from 'vitest';
import type { SpeakerEvent } from '../../../workers/captions/segments.ts';
import { Speaker } from '../../../workers/captions/speaker.ts';
import type { OpenStream, SpeechMessage, StreamEvents } from '../../../workers/captions/speech-stream.ts';

const FRAME_MS = 20;
const WORD_MS = 400;
const WORDS_IN_SENTENCE = 8;
const PAUSE_WORDS = 2;
const TALK_SECONDS = 60;
/** Number of the word that is spoken at a moment; null in the pause between two sentences. */
function wordAt(ms: number): number | null {
  const at = Math.floor(ms / WORD_MS);
  const sentence = Math.floor(at / (WORDS_IN_SENTENCE + PAUSE_WORDS));
  const within = at % (WORDS_IN_SENTENCE + PAUSE_WORDS);
  return within < WORDS_IN_SENTENCE ? sentence * WORDS_IN_SENTENCE + within : null;
}
/** Sound that says which word it is. */
const soundAt = (ms: number) =>
  new Int16Array(16 * FRAME_MS).fill((wordAt(ms) ?? -1) < 0 ? 0 : 1_000 + wordAt(ms)!);

interface Spoken {
  word: number;
  startMs: number;
  endMs: number;
}

/** A provider that understands this sound, says a partial text each second, and dies on request. */
class Provider {
  isDown = false;
  isMute = false;
  /** Answers late, and says each second that it works. */
  isBusy = false;
  streams = 0;
  readonly #open = new Set<StreamEvents>();

  readonly open: OpenStream = ({ offsetSeconds }, events) => {
    let atMs = offsetSeconds * 1000;
    let spoken: Spoken[] = [];
    let lastPartialMs = atMs;
    let lastWorkingMs = atMs;
    const late: SpeechMessage[] = [];
    const answer = (message: SpeechMessage) => {
      if (this.isBusy) return late.push(message);
      for (const each of [...late.splice(0), message]) events.onMessage(each);
    };
    this.streams++;
    if (this.isDown) {
      queueMicrotask(() => events.onClosed());
      return { send: () => undefined, finalize: () => undefined, close: () => undefined };
    }
    this.#open.add(events);
    const isAlive = () => this.#open.has(events) && !this.isMute;
    const say = (type: 'partial' | 'final') => {
      const words = spoken.map(({ word, startMs, endMs }) => ({
        word: String(word),
        start: startMs / 1000,
        end: endMs / 1000,
      }));
      const text = words.map(({ word }) => word).join(' ');
      const message: SpeechMessage = {
        type,
        text,
        start: words[0]!.start,
        end: words.at(-1)!.end,
        language: 'en',
      };
      if (isAlive()) answer(type === 'final' ? { ...message, words } : message);
    };
    const endSentence = () => {
      if (spoken.length > 0) say('final');
      spoken = [];
    };
    return {
      send: (samples) => {
        const ms = samples.length / 16;
        const word = samples[0]! - 1_000;
        const last = spoken.at(-1);
        if (word < 0) {
          if (last && atMs - last.endMs >= 500) endSentence();
        } else if (last?.word === word) last.endMs = atMs + ms;
        else spoken.push({ word, startMs: atMs, endMs: atMs + ms });
        atMs += ms;
        if (this.isBusy && atMs - lastWorkingMs >= 1_000) {
          lastWorkingMs = atMs;
          events.onMessage({ type: 'working' });
        }
        if (spoken.length > 0 && atMs - lastPartialMs >= 1_000) {
          lastPartialMs = atMs;
          say('partial');
        }
      },
      finalize: () => {
        endSentence();
        if (isAlive()) answer({ type: 'finalized' });
      },
      close: () => this.#open.delete(events),
    };
  };

  kill(): void {
    const open = [...this.#open];
    this.#open.clear();
    for (const events of open) events.onClosed();
  }
}

type Fault = (provider: Provider, ms: number) => void;

/** A talk of a minute, in which something happens to the provider. */
async function talk(fault: Fault, providers = [new Provider()]) {
  const events: (SpeakerEvent & { shownAtMs: number })[] = [];
  let now = 0;
  const speaker = new Speaker({
    streams: providers.map(({ open }) => open),
    language: 'en',
    prefix: 's',
    now: () => now,
    onEvent: (event) => events.push({ ...event, shownAtMs: now }),
  });
  for (; now < TALK_SECONDS * 1000; now += FRAME_MS) {
    fault(providers[0]!, now);
    speaker.push(soundAt(now), now);
    if (now % 200 === 0) speaker.tick();
    if (now % 1_000 === 0) await Promise.resolve();
  }
  for (; now < TALK_SECONDS * 1000 + 30_000; now += 200) {
    fault(providers[0]!, now);
    speaker.tick();
    await Promise.resolve();
  }
  speaker.close();
  return { events, providers };
}

const ALL_WORDS = Array.from({ length: (TALK_SECONDS * 1000) / WORD_MS }, (_, at) =>
  wordAt(at * WORD_MS),
).filter((word) => word !== null);
const middleOf = (word: number) => {
  const sentence = Math.floor(word / WORDS_IN_SENTENCE);
  return (sentence * (WORDS_IN_SENTENCE + PAUSE_WORDS) + (word % WORDS_IN_SENTENCE) + 0.5) * WORD_MS;
};

/** What must hold whatever happened: no word twice, in order, and each that is missing is in a gap. */
function expectHonest(events: Awaited<ReturnType<typeof talk>>['events']) {
  const lasting = events.filter(({ type }) => type !== 'partial');
  const words = lasting.flatMap((event) => (event.type === 'final' ? event.text.split(' ').map(Number) : []));
  expect(words).toEqual([...new Set(words)].toSorted((a, b) => a - b));
  const gaps = lasting.filter(({ type }) => type === 'gap');
  const missing = ALL_WORDS.filter((word) => !words.includes(word));
  for (const word of missing)
    expect(
      gaps.some(({ startMs, endMs }) => startMs <= middleOf(word) && middleOf(word) <= endMs),
      `word ${word} is in a gap`,
    ).toBe(true);
  for (const word of words)
    expect(
      gaps.some(
        ({ startMs, endMs }) =>
          startMs < middleOf(word) - WORD_MS / 2 && middleOf(word) + WORD_MS / 2 < endMs,
      ),
      `word ${word} is in no gap`,
    ).toBe(false);
  const starts = lasting.map(({ startMs }) => startMs);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  const ids = lasting.map(({ segmentId }) => segmentId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [at, event] of events.entries())
    if (event.type === 'partial')
      expect(
        events.slice(0, at).some((each) => each.type === 'final' && each.segmentId === event.segmentId),
      ).toBe(false);
  return { missing, gaps, words };
}

const SECONDS = Array.from({ length: TALK_SECONDS }, (_, second) => second);
const at = (second: number, act: (provider: Provider) => void): Fault => {
  let isDone = false;
  return (provider, ms) => {
    if (isDone || ms < second * 1000) return;
    isDone = true;
    act(provider);
  };
};
const during =
  (from: number, seconds: number, set: (provider: Provider, on: boolean) => void): Fault =>
  (provider, ms) =>
    set(provider, ms >= from * 1000 && ms < (from + seconds) * 1000);

describe('captions of one speaker', () => {
  it('have every word once while nothing fails', async () => {
    const { events, providers } = await talk(() => undefined);
    expect(expectHonest(events)).toMatchObject({ missing: [], gaps: [] });
    expect(providers[0]!.streams).toBe(1);
  });

  it('have a stream only while they speak, and lose no word when they speak again', () => {
    let [nowMs, opened, open, sounding] = [0, 0, 0, 0];
    const openStream: OpenStream = (_start, { onMessage }) => {
      opened++;
      open++;
      return {
        send: (samples) => {
          if (samples[0]! < 1_000) return;
          sounding++;
          onMessage({
            type: 'final',
            text: 'word',
            start: nowMs / 1000,
            end: (nowMs + FRAME_MS) / 1000,
            words: [],
          });
        },
        finalize: () => onMessage({ type: 'finalized' }),
        close: () => open--,
      };
    };
    const options = { streams: [openStream], language: 'en', prefix: 'a-', onEvent: () => undefined };
    const speaker = new Speaker({ ...options, now: () => nowMs });
    const push = (level: number, milliseconds: number) => {
      for (const endMs = nowMs + milliseconds; nowMs < endMs; nowMs += FRAME_MS) {
        speaker.push(new Int16Array(16 * FRAME_MS).fill(level), nowMs);
        if (nowMs % 200 === 0) speaker.tick();
      }
    };
    push(1_000, 2_000);
    push(0, 14_000);
    expect([opened, open]).toEqual([1, 1]);
    push(0, 30_000);
    expect([opened, open]).toEqual([1, 0]);
    push(1_000, 2_000);
    expect([opened, open, sounding]).toEqual([2, 1, 200]);
  });

  it('wait for a provider that answers late and says that it works', async () => {
    const { events, providers } = await talk(during(10, 12, (provider, on) => (provider.isBusy = on)));
    expect(expectHonest(events)).toMatchObject({ missing: [], gaps: [] });
    expect(providers[0]!.streams).toBe(1);
  });

  it.each(SECONDS)('lose nothing when the provider dies at second %i', async (second) => {
    const { events } = await talk(at(second, (provider) => provider.kill()));
    expect(expectHonest(events)).toMatchObject({ missing: [], gaps: [] });
  });

  it.each(SECONDS)(
    'lose nothing when the provider falls silent at second %i, and fail over within 3 s',
    async (second) => {
      let openedAtMs: number | null = null;
      const second1 = new Provider();
      const { events } = await talk(
        (provider, ms) => {
          if (ms >= second * 1000) provider.isMute = true;
          if (openedAtMs === null && second1.streams > 0) openedAtMs = ms;
        },
        [new Provider(), second1],
      );
      expect(expectHonest(events)).toMatchObject({ missing: [], gaps: [] });
      // From the first word that waits: there may be a pause first, or no word any more.
      if (openedAtMs !== null)
        expect(openedAtMs - second * 1000).toBeLessThanOrEqual(3_000 + WORD_MS * (PAUSE_WORDS + 1));
    },
  );

  it.each(SECONDS)('mark what is lost when the provider is away for 25 s from second %i', async (second) => {
    const { events } = await talk((provider, ms) => {
      during(second, 25, (each, on) => (each.isDown = on))(provider, ms);
      if (ms === second * 1000) provider.kill();
    });
    const { missing } = expectHonest(events);
    if (second >= 2 && second <= TALK_SECONDS - 30) expect(missing.length).toBeGreaterThan(0);
  });
});
