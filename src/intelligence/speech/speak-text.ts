import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import type { Voice } from '../providers/index.ts';
import { readSpeech, SPEECH_MODELS, useSpeech } from '../speech-usage/index.ts';
import { SOUND_TYPES, type SoundFormat } from './speech.enums.ts';
import { voiceErrors } from './speech.errors.ts';
import { previewOf } from './speech.rules.ts';
import type { CreateSpeech } from './speech.schemas.ts';

/** Until the first sentence is spoken. */
const BEGIN_MS = 20_000;

export interface Sound {
  type: (typeof SOUND_TYPES)[SoundFormat];
  content: ReadableStream<Uint8Array>;
}

/** The voices that can be asked for. @throws AppError `speech.*`, `auth.forbidden` without `ai:read` */
export async function listVoices(ctx: Ctx): Promise<readonly Voice[]> {
  return readSpeech(ctx, async ({ textToSpeech }, signal) => (await textToSpeech.listVoices?.(signal)) ?? []);
}

/**
 * A signal that ends what has not begun in time: sound that has begun may take as long as it is.
 * The answer of `ask` is the beginning.
 */
async function beginInTime<T>(ask: (signal: AbortSignal) => Promise<T>, within: AbortSignal): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort(within.reason);
  within.addEventListener('abort', stop);
  try {
    return await ask(controller.signal);
  } finally {
    within.removeEventListener('abort', stop);
  }
}

/**
 * Speaks a text. The sound comes sentence by sentence, as it is spoken.
 * @throws AppError `speech.*`, `billing.feature_not_included`, `auth.forbidden` without `ai:write`
 */
export async function speakText(ctx: Ctx, { text, voice, format, speed }: CreateSpeech): Promise<Sound> {
  const { audio } = await useSpeech(ctx, {
    meter: 'spoken_characters',
    quantity: text.length,
    timeLimitMs: BEGIN_MS,
    ask: ({ textToSpeech }, signal) => {
      const request = { model: SPEECH_MODELS.spoken_characters, voice, text, speed, format };
      return beginInTime((begun) => textToSpeech.speak(request, begun), signal);
    },
    discard: ({ audio: unused }) => unused.cancel(),
  });
  return { type: SOUND_TYPES[format], content: audio };
}

/**
 * Speaks a sentence that shows how a voice sounds.
 * @throws AppError `voices.not_found`, or as `speakText`
 */
export async function previewVoice(ctx: Ctx, voiceId: string): Promise<Sound> {
  requirePermission(ctx.actor, 'ai:write');
  const voice = (await listVoices(ctx)).find(({ id }) => id === voiceId);
  if (!voice) throw voiceErrors.notFound();
  return speakText(ctx, { text: previewOf(voice), voice: voiceId, format: 'mp3', speed: 1 });
}
