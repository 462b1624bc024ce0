import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, isError, requirePermission } from '../../kernel/core/index.ts';
import type { SpokenText, Voice } from '../providers/index.ts';
import {
  readSpeech,
  SPEECH_MODELS,
  SPEECH_PROVIDER,
  speechErrors,
  useSpeech,
} from '../speech-usage/index.ts';
import { isHostedVoice, listHostedVoices, speakHosted } from './speak-hosted.ts';
import { SOUND_TYPES, type SoundFormat } from './speech.enums.ts';
import { voiceErrors } from './speech.errors.ts';
import { previewOf } from './speech.rules.ts';
import type { CreateSpeech } from './speech.schemas.ts';

/** Time limit for the first sentence. */
const BEGIN_MS = 20_000;

export type OfferedVoice = Voice & { provider: string };

export interface Sound {
  type: (typeof SOUND_TYPES)[SoundFormat];
  content: ReadableStream<Uint8Array>;
}

/**
 * The voices of the speech service, which agents in calls use, too.
 * @throws AppError `speech.*`, `auth.forbidden` without `ai:read`
 */
export async function listVoices(ctx: Ctx): Promise<readonly Voice[]> {
  return readSpeech(ctx, async ({ textToSpeech }, signal) => (await textToSpeech.listVoices?.(signal)) ?? []);
}

/**
 * All available voices, each with its provider; while the speech service is not available, only those of others.
 * @throws AppError as `listVoices`
 */
export async function listAllVoices(ctx: Ctx): Promise<OfferedVoice[]> {
  const [own, hosted] = await Promise.all([
    listVoices(ctx).catch((error: unknown) => {
      if (isError(error, speechErrors.degraded)) return error;
      throw error;
    }),
    listHostedVoices(ctx),
  ]);
  if (own instanceof AppError && hosted.length === 0) throw own;
  return [
    ...(own instanceof AppError ? [] : own.map((voice) => ({ ...voice, provider: SPEECH_PROVIDER }))),
    ...hosted.map((voice) => ({ ...voice, provider: ctx.ports.hostedVoices.provider })),
  ];
}

/**
 * A signal that ends what has not begun in time; sound that has begun may take its whole length. `ask` must answer at
 * the beginning of the sound.
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

/** The call in which a text is spoken. */
export interface SpokenInCall {
  roomId: string;
  callId: string;
}

/**
 * Reads a text. The sound comes sentence by sentence, while it is spoken.
 * @throws AppError `speech.*`, `billing.feature_not_included`, `auth.forbidden` without `ai:write`
 */
export async function speakText(ctx: Ctx, input: CreateSpeech, place?: SpokenInCall): Promise<Sound> {
  const { audio } = await (isHostedVoice(ctx, input.voice)
    ? speakHosted(ctx, input, (speak) => beginInTime(speak, AbortSignal.timeout(BEGIN_MS)), place)
    : speakByService(ctx, input, place));
  return { type: SOUND_TYPES[input.format], content: audio };
}

const speakByService = (
  ctx: Ctx,
  { text, voice, format, speed }: CreateSpeech,
  place: SpokenInCall | undefined,
): Promise<SpokenText> =>
  useSpeech(ctx, {
    place,
    meter: 'spoken_characters',
    quantity: text.length,
    timeLimitMs: BEGIN_MS,
    ask: ({ textToSpeech }, signal) => {
      const request = { model: SPEECH_MODELS.spoken_characters, voice, text, speed, format };
      return beginInTime((begun) => textToSpeech.speak(request, begun), signal);
    },
    discard: ({ audio: unused }) => unused.cancel(),
  });

/** Reads a sentence that shows how a voice sounds. @throws AppError `voices.not_found`, or as `speakText` */
export async function previewVoice(ctx: Ctx, voiceId: string): Promise<Sound> {
  requirePermission(ctx.actor, 'ai:write');
  const voice = (await listAllVoices(ctx)).find(({ id }) => id === voiceId);
  if (!voice) throw voiceErrors.notFound();
  return speakText(ctx, { text: previewOf(voice), voice: voiceId, format: 'mp3', speed: 1 });
}
