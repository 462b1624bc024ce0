import { z } from '@hono/zod-openapi';
import { ProviderFailure, type TranslationProvider } from '../index.ts';
import { type ApiOptions, callApi, readAnswer } from '../openai/index.ts';

const language = z.string().regex(/^[a-z]{2,3}$/);
const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), text: z.string().max(100_000) })),
  source: language,
  usage: z.object({ characters: z.int().min(0) }),
});
const languagesSchema = z.object({
  data: z.array(z.object({ source: language, target: language })).max(1_000),
});

export const createTranslation = (options: ApiOptions): TranslationProvider => ({
  async translate({ texts, from, to, context }, signal) {
    const response = await callApi(options, '/v1/translations', {
      body: JSON.stringify({ input: texts, ...(from !== null && { source: from }), target: to, context }),
      headers: { 'Content-Type': 'application/json' },
      signal,
    });
    const { data, source, usage } = await readAnswer(options.provider, response, answerSchema);
    if (data.length !== texts.length) throw new ProviderFailure(options.provider, 'malformed');
    const translated = data.toSorted((a, b) => a.index - b.index).map(({ text }) => text);
    return { texts: translated, from: source, tokens: null, characters: usage.characters };
  },
  async listLanguages(signal) {
    const response = await callApi(options, '/v1/translations/languages', { method: 'GET', signal });
    const { data } = await readAnswer(options.provider, response, languagesSchema);
    return data.map(({ source, target }) => ({ from: source, to: target }));
  },
});
