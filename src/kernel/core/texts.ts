import { z } from '@hono/zod-openapi';

/** White space that ends a line or jumps to a column, with all white space around it. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]/;
const WHITE_SPACE_RUNS = /[\s\u0085]+/g;
const LINE_ENDS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

/**
 * Controls; overrides, embeddings and isolates of the direction, which turn the text beside them around; and deprecated
 * or internal format characters. The marks U+200E, U+200F and U+061C stay: they only order the text that they stand in.
 */
const INVISIBLE_CONTROLS = /(?![\t\n])\p{Cc}|[\u202A-\u202E\u2066-\u206F\uFEFF\uFFF9-\uFFFB]/gu;

/**
 * A character that leaves ink by itself: no white space, nothing that renderers ignore, no mark without a base. Blanks that
 * Unicode counts as symbols have no property: the empty Braille pattern, the null note head, two hieroglyphs.
 */
const VISIBLE =
  /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{M}\u2800\u{1D159}\u{13441}\u{13442}]/u;

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');
const showsSomething = (text: string) => text === '' || VISIBLE.test(text);

/** One line as people see it: NFC, trimmed, without controls; line breaks and tabs become spaces. */
export const cleanLine = (text: string): string =>
  text
    .replaceAll(WHITE_SPACE_RUNS, (run) => (BREAKS.test(run) ? ' ' : run))
    .replaceAll(INVISIBLE_CONTROLS, '')
    .normalize('NFC')
    .trim();

/** Lines as people see them: NFC, trimmed, without controls; every line ends with LF. */
const cleanLines = (text: string): string =>
  text.replaceAll(LINE_ENDS, '\n').replaceAll(INVISIBLE_CONTROLS, '').normalize('NFC').trim();

const seenText = (clean: (text: string) => string, max: number) =>
  z
    .string()
    .refine(isStorable, 'must be well-formed text without NUL')
    .overwrite(clean)
    .max(max, `must have at most ${max} characters`)
    .refine(showsSomething, 'must contain a visible character');

/**
 * One line that people see, such as a name or a title, of 1 to `max` UTF-16 units after it was cleaned: its output is NFC,
 * trimmed, without line breaks, controls and overrides of the direction. Text that shows nothing is refused.
 */
export const lineSchema = (max: number) => seenText(cleanLine, max).min(1, 'must not be empty');

/** Text of several lines that people see, such as a chat message; otherwise as `lineSchema`. */
export const linesSchema = (max: number) => seenText(cleanLines, max).min(1, 'must not be empty');

/** As `linesSchema`, and may be empty. */
export const linesOrEmptySchema = (max: number) => seenText(cleanLines, max);
