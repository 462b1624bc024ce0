import {
  type GlossaryTerm,
  markTerms,
  replaceMarks,
} from '../../src/intelligence/translations/glossary.rules.ts';
import type { SpeechProvider } from './speech-stream.ts';
import type { TranslationRequest } from './translator.ts';

const TIME_LIMIT_MS = 10_000;

type RuleRequest = Pick<TranslationRequest, 'text' | 'from' | 'to'>;

/** Terms that translations between two languages keep to. */
export interface Glossary {
  from: string;
  to: string;
  terms: readonly GlossaryTerm[];
}

/** A text in another language; null where the service has no such pair, or does not answer. */
async function ask(
  { url, secret, group }: SpeechProvider,
  { text, from, to }: RuleRequest,
): Promise<string | null> {
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/v1/translations`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${secret}`,
        'Content-Type': 'application/json',
        'Speech-Group': group,
      },
      body: JSON.stringify({ input: [text], source: from, target: to }),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    if (!response.ok) return null;
    const answer = await response.json<{ data?: readonly { text?: string }[] } | null>();
    return answer?.data?.[0]?.text ?? null;
  } catch {
    return null;
  }
}

/** Translates with the terms of the glossary; a text of which the engine loses one is left to it as a whole, as in the API. */
export async function translate(
  provider: SpeechProvider,
  request: RuleRequest,
  glossaries: readonly Glossary[],
): Promise<string | null> {
  const { text, from, to } = request;
  const terms = glossaries.find((each) => each.from === from && each.to === to)?.terms ?? [];
  const marked = markTerms(text, terms);
  const translated = await ask(provider, { ...request, text: marked.text });
  if (translated === null) return null;
  return replaceMarks(translated, marked) ?? ask(provider, request);
}
