import type { Ctx } from '../../kernel/context/index.ts';
import { isError, requirePermission } from '../../kernel/core/index.ts';
import { readGround } from '../ask-authority/index.ts';
import { textOf } from '../ended-answers/index.ts';
import type { CreateGeneration } from '../generation-requests/index.ts';
import { generationErrors, type StartedGeneration, startGeneration } from '../generations/index.ts';
import { findRoute } from '../routing/index.ts';
import { charactersOf, type Glossaries } from './glossaries.rules.ts';
import { questionOf, readAnswer } from './model-answer.rules.ts';
import { translationErrors } from './translations.errors.ts';
import type { CreateTranslations, TranslatedTexts } from './translations.schemas.ts';

type Choice = Pick<CreateGeneration, 'model' | 'policy'>;

/** As in the request; else by the preferences; without any, the cheapest. */
const choicesOf = ({ model, policy }: Choice): readonly Choice[] => {
  if (model !== undefined) return [{ model }];
  return policy === undefined ? [{ policy: 'preferred' }, { policy: 'cheapest' }] : [{ policy }];
};

/** Asks by the first choice; if no preference names a model for it, by the next one. */
async function askFirst<T>(choices: readonly Choice[], ask: (choice: Choice) => Promise<T>): Promise<T> {
  const [choice, ...others] = choices;
  try {
    return await ask(choice!);
  } catch (error) {
    if (others.length === 0 || !isError(error, generationErrors.noPreference)) throw error;
    return askFirst(others, ask);
  }
}

/** The whole answer. One that takes too long is ended. */
async function requireAnswer(ctx: Ctx, { row, answer }: StartedGeneration): Promise<string> {
  const { organizationId } = ctx;
  if (!answer?.outcome) {
    await ctx.ports.liveGenerations.cancel({ organizationId, generationId: row.id }, 'cancelled');
    throw generationErrors.outOfTime();
  }
  if (answer.outcome.stopReason === 'refusal') throw translationErrors.modelRefused();
  return textOf(answer);
}

/** A translation for the captions of a call: its call, and how long an answer may take. */
interface CallTranslation {
  origin: { room: string; call: string };
  waitMs: number;
}

/** Asks a model, by the choices of the request. */
function startTranslation(
  ctx: Ctx,
  input: CreateTranslations,
  termsFrom: Glossaries,
  forCall?: CallTranslation,
): Promise<StartedGeneration> {
  const question = questionOf(input, termsFrom);
  // A repeated request gets the translation, not its generation: that is committed without the idempotency key.
  const asker = ctx.as(ctx.actor);
  return askFirst(choicesOf(input), (choice) =>
    startGeneration(
      asker,
      { ...question, ...choice },
      {
        write: () => [],
        resultOf: ({ id }) => id,
        conflicts: {},
        origin: { feature: 'translations', ...forCall?.origin },
        ...(forCall && { waitMs: forCall.waitMs }),
      },
    ),
  );
}

/**
 * Translates with a language model, as a generation: with its routes, keys, budget and usage. An incomplete answer is
 * not repeated, because that would cost twice.
 * @throws AppError `translations.*`, `ai.*`, `billing.*`
 */
export async function translateByModel(
  ctx: Ctx,
  input: CreateTranslations,
  termsFrom: Glossaries,
  forCall?: CallTranslation,
): Promise<TranslatedTexts> {
  requirePermission(ctx.actor, 'ai:write');
  if (input.from === input.to) throw translationErrors.pairNotSupported();
  const started = await startTranslation(ctx, input, termsFrom, forCall);
  const translation = readAnswer(await requireAnswer(ctx, started), input, termsFrom);
  if (!translation) throw translationErrors.answerNotWhole();
  const { from, data } = translation;
  if (from === null) throw translationErrors.languageUnclear();
  const { id: generationId, provider, model } = started.row;
  const result: TranslatedTexts = {
    data,
    from,
    isDetected: input.from === undefined,
    to: input.to,
    engine: 'model',
    provider,
    model,
    generationId,
    characters: charactersOf(input.texts),
  };
  return ctx.commit({ write: () => [], result });
}

const SAMPLE: CreateTranslations = {
  texts: ['Hello.'],
  from: 'en',
  to: 'es',
  engine: 'model',
  glossary: false,
  formality: 'default',
};

/** Whether a model, or the named one, may be asked for a translation. */
export async function canAskModel(ctx: Ctx, model?: string): Promise<boolean> {
  const ground = await readGround(ctx);
  const question = questionOf(SAMPLE, () => []);
  for (const choice of choicesOf({ model })) {
    const { decision } = await findRoute(ctx, { ...question, ...choice }, ground);
    if (decision.considered.some(({ position }) => position !== null)) return true;
  }
  return false;
}
