import type { Segment } from '../transcripts/index.ts';
import type { ModelAnswer, ModelClaim, ModelQuote } from './answer.schemas.ts';

/** The passage of the transcript where something is said. */
export interface Citation {
  position: number;
  startMs: number;
  /** The words of the transcript. */
  quote: string;
}

/** A statement with the quotes that support it: at least one. */
export interface Claim {
  text: string;
  citations: Citation[];
}

export interface ActionItem extends Claim {
  /** As the transcript names them; null when it names none. */
  owner: string | null;
  /** The due date in the words of the transcript. */
  due: string | null;
  /** The day that this means, `YYYY-MM-DD`. */
  dueOn: string | null;
}

export interface Chapter {
  title: string;
  position: number;
  startMs: number;
}

export interface SummaryContent {
  overview: Claim[];
  decisions: Claim[];
  actionItems: ActionItem[];
  openQuestions: Claim[];
  chapters: Chapter[];
}

type Said = Pick<Segment, 'position' | 'startMs' | 'text'>;

/** A quote with fewer words proves nothing, unless it is a whole segment. */
const LEAST_WORDS = 3;
/** A quote may span up to three segments. */
const SEGMENTS_OF_QUOTE = 3;
/** Models sometimes count lines wrongly: this many lines before and after the named one are searched. */
const LINES_BESIDE = 2;

/** Only the words, so that punctuation, spaces and case do not matter. */
export const normalize = (text: string): string =>
  (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).join(' ');

const contains = (text: string, part: string): boolean => ` ${text} `.includes(` ${part} `);

/** The words of each segment and those after it, in the form in which quotes are compared. */
export interface CitableTranscript {
  segments: readonly Said[];
  normalized: readonly string[];
}

export const transcriptOf = (segments: readonly Said[]): CitableTranscript => ({
  segments,
  normalized: segments.map(({ text }) => normalize(text)),
});

function citationOf(transcript: CitableTranscript, { line, quote }: ModelQuote): Citation | null {
  const wanted = normalize(quote);
  if (wanted === '') return null;
  const named = line - 1;
  const { segments, normalized } = transcript;
  const nearest = [...Array(LINES_BESIDE * 2 + 1).keys()]
    .map((each) => named + each - LINES_BESIDE)
    .filter((each) => each >= 0 && each < segments.length)
    .toSorted((a, b) => Math.abs(a - named) - Math.abs(b - named));
  for (const at of nearest) {
    const isWhole = normalized[at] === wanted;
    const isEnough = wanted.split(' ').length >= LEAST_WORDS;
    const passage = normalized.slice(at, at + SEGMENTS_OF_QUOTE).join(' ');
    // The quote must begin in this segment: one in later segments alone is found there.
    const after = normalized.slice(at + 1, at + SEGMENTS_OF_QUOTE).join(' ');
    if (isWhole || (isEnough && contains(passage, wanted) && !contains(after, wanted))) {
      const { position, startMs } = segments[at]!;
      return { position, startMs, quote };
    }
  }
  return null;
}

function supported(transcript: CitableTranscript, { text, quotes }: ModelClaim): Claim | null {
  const citations = quotes.flatMap((each) => citationOf(transcript, each) ?? []);
  return citations.length === 0 ? null : { text, citations };
}

/** The statements that have a quote in the transcript, with its position. */
export const citedClaims = (transcript: CitableTranscript, claims: readonly ModelClaim[]): Claim[] =>
  claims.flatMap((claim) => supported(transcript, claim) ?? []);

/** A calendar day that is neither before the call nor years after it. */
function dayOf(value: string | null, heldOn: string): string | null {
  if (value === null || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  const atMs = Date.parse(`${value}T00:00:00Z`);
  const heldMs = Date.parse(`${heldOn}T00:00:00Z`);
  if (Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== value) return null;
  return atMs < heldMs || atMs > heldMs + 3 * 366 * 86_400_000 ? null : value;
}

function chaptersOf({ segments }: CitableTranscript, chapters: ModelAnswer['chapters']): Chapter[] {
  const inOrder = chapters
    .filter(({ line }) => line >= 1 && line <= segments.length)
    .toSorted((a, b) => a.line - b.line);
  return inOrder
    .filter(({ line }, each) => each === 0 || line !== inOrder[each - 1]!.line)
    .map(({ line, title }) => {
      const { position, startMs } = segments[line - 1]!;
      return { title, position, startMs };
    });
}

/**
 * Keeps the statements that the transcript supports: each needs a quote that is there word for word. Owners that the
 * transcript does not name, and dates without a basis in the quotes, are removed, too.
 * @param heldOn the day of the call, `YYYY-MM-DD`
 * @returns the content, and how many statements were left out
 */
export function checkAnswer(
  transcript: CitableTranscript,
  answer: ModelAnswer,
  heldOn: string,
): { content: SummaryContent; unsupported: number } {
  let unsupported = 0;
  const keep = <T extends ModelClaim>(claims: readonly T[]): (readonly [T, Claim])[] =>
    claims.flatMap((each) => {
      const claim = supported(transcript, each);
      if (!claim) unsupported++;
      return claim ? [[each, claim] as const] : [];
    });
  const all = transcript.normalized.join(' ');
  const claimsOf = (claims: readonly ModelClaim[]) => keep(claims).map(([, claim]) => claim);
  const actionItems = keep(answer.actionItems).map(([item, claim]): ActionItem => {
    const quoted = claim.citations.map(({ quote }) => normalize(quote));
    const due = item.due !== null && normalize(item.due) !== '' ? item.due : null;
    const isDueSaid = due !== null && quoted.some((each) => contains(each, normalize(due)));
    const owner = item.owner !== null && normalize(item.owner) !== '' ? item.owner : null;
    return {
      ...claim,
      owner: owner !== null && contains(all, normalize(owner)) ? owner : null,
      due: isDueSaid ? due : null,
      dueOn: isDueSaid ? dayOf(item.dueOn, heldOn) : null,
    };
  });
  const content: SummaryContent = {
    overview: claimsOf(answer.overview),
    decisions: claimsOf(answer.decisions),
    actionItems,
    openQuestions: claimsOf(answer.openQuestions),
    chapters: chaptersOf(transcript, answer.chapters),
  };
  return { content, unsupported };
}
