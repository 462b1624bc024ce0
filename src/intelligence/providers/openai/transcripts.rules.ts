import { z } from '@hono/zod-openapi';
import type { SpokenSegment, SpokenWord, Transcript } from '../index.ts';

const seconds = z.number().min(0).max(86_400);
const share = z.number().min(0).max(1);
const wordSchema = z.object({
  word: z.string().max(500),
  start: seconds,
  end: seconds,
  probability: share.optional(),
});
const segmentSchema = z.object({
  text: z.string().max(20_000),
  start: seconds,
  end: seconds,
  avg_logprob: z.number().optional(),
});
/** `verbose_json`. */
export const transcriptSchema = z.object({
  text: z.string().max(200_000),
  language: z.string().max(40).nullish(),
  language_probability: share.optional(),
  duration: z.coerce.number().min(0).max(86_400),
  segments: z.array(segmentSchema).max(5_000).optional(),
  words: z.array(wordSchema).max(50_000).optional(),
});
type TranscriptAnswer = z.output<typeof transcriptSchema>;

/** The languages of the product, by the English names that OpenAI uses. */
const CODES: Readonly<Record<string, string>> = {
  english: 'en',
  spanish: 'es',
  french: 'fr',
  german: 'de',
  italian: 'it',
  portuguese: 'pt',
  russian: 'ru',
  chinese: 'zh',
  japanese: 'ja',
  korean: 'ko',
  arabic: 'ar',
  hindi: 'hi',
};

const codeOf = (language: string): string | null => {
  const name = language.toLowerCase();
  return CODES[name] ?? (/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(name) ? name : null);
};

const toMs = (time: number) => Math.round(time * 1000);

const wordOf = ({ word, start, end, probability }: z.output<typeof wordSchema>): SpokenWord => ({
  text: word.trim(),
  startMs: toMs(start),
  endMs: toMs(Math.max(start, end)),
  confidence: probability ?? null,
});

/** A segment with the words that begin in it; words between two segments belong to the earlier one. */
function segmentsOf({ segments = [], words = [], text, duration }: TranscriptAnswer): SpokenSegment[] {
  const spoken = text.trim() === '' ? [] : [{ text, start: 0, end: duration }];
  const parts: readonly z.output<typeof segmentSchema>[] = segments.length > 0 ? segments : spoken;
  const spokenWords = words.map(wordOf);
  return parts.map(({ text: part, start, end, avg_logprob: logProbability }, at) => {
    const from = at === 0 ? 0 : toMs(start);
    const until = at + 1 < parts.length ? toMs(parts[at + 1]!.start) : Infinity;
    return {
      text: part.trim(),
      startMs: toMs(start),
      endMs: toMs(Math.max(start, end)),
      confidence: logProbability === undefined ? null : Math.min(1, Math.exp(logProbability)),
      words: spokenWords.filter(({ startMs }) => startMs >= from && startMs < until),
    };
  });
}

/** A transcript of a provider, in our vocabulary. */
export const transcriptOf = (answer: TranscriptAnswer): Transcript => ({
  text: answer.text.trim(),
  language: answer.language ? codeOf(answer.language) : null,
  languageConfidence: answer.language_probability ?? null,
  segments: segmentsOf(answer).filter(({ text }) => text !== ''),
  usage: { audioMs: toMs(answer.duration), characters: null },
});
