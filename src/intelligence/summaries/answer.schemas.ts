import { z } from '@hono/zod-openapi';

const quote = z.strictObject({ line: z.int(), quote: z.string().max(2_000) });
const quotes = z.array(quote).max(20);
const text = z.string().trim().min(1).max(2_000);
const claim = z.strictObject({ text, quotes });
const actionItem = z.strictObject({
  text,
  owner: z.string().max(200).nullable(),
  due: z.string().max(200).nullable(),
  dueOn: z.string().max(20).nullable(),
  quotes,
});

/** The answer that a model is asked for. It is untrusted: its statements are checked against the transcript. */
export const modelAnswerSchema = z.strictObject({
  overview: z.array(claim).max(40),
  decisions: z.array(claim).max(100),
  actionItems: z.array(actionItem).max(200),
  openQuestions: z.array(claim).max(100),
  chapters: z.array(z.strictObject({ line: z.int(), title: z.string().trim().min(1).max(200) })).max(100),
});
export type ModelAnswer = z.output<typeof modelAnswerSchema>;
export type ModelClaim = z.output<typeof claim>;
export type ModelQuote = z.output<typeof quote>;

const object = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const listOf = (items: object) => ({ type: 'array', items });
const string = { type: 'string' };
const orNull = { anyOf: [{ type: 'string' }, { type: 'null' }] };
const line = { type: 'integer' };
const quotesJson = listOf(object({ line, quote: string }));
const claimsJson = listOf(object({ text: string, quotes: quotesJson }));

/** The same as a JSON schema, in the subset that providers accept: without bounds, which they refuse. */
export const ANSWER_JSON_SCHEMA: Record<string, unknown> = object({
  overview: claimsJson,
  decisions: claimsJson,
  actionItems: listOf(
    object({ text: string, owner: orNull, due: orNull, dueOn: orNull, quotes: quotesJson }),
  ),
  openQuestions: claimsJson,
  chapters: listOf(object({ line, title: string })),
});
