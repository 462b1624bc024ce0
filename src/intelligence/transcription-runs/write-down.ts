import type { Ctx } from '../../kernel/context/index.ts';
import { askWithinBreaker } from '../model-breakers/index.ts';
import { openKey, selectProviderKeys, sealedKeyOf } from '../provider-keys/index.ts';
import {
  ProviderFailure,
  type SoundPiece,
  type SpeechService,
  type Transcript,
  type TranscriptionRequest,
} from '../providers/index.ts';
import { OPENAI_MODEL, type Transcription, type TranscriptionToAdvance } from '../transcripts/index.ts';
import { sourceOf } from './find-pieces.ts';

const PIECE_MS = 20_000;

/** Whether the provider charges the organization; no meter counts it then. */
export const isOnOwnKey = ({ model }: Pick<Transcription, 'model'>): boolean => model === OPENAI_MODEL;

/**
 * Transcribes a piece of sound: with the speech service, or with the provider of the model and the organization's
 * present key for it.
 * @throws ProviderFailure also when there is no key any more
 */
async function writeDown(
  ctx: Ctx,
  service: SpeechService,
  request: TranscriptionRequest,
  signal: AbortSignal,
): Promise<Transcript> {
  const { model } = request;
  if (!isOnOwnKey({ model })) return service.speechToText.transcribe(request, signal);
  const { provider, of } = ctx.ports.hostedRecognition;
  const [keys] = await ctx.read((q) => [selectProviderKeys(q, ctx.organizationId)]);
  const own = keys.find((key) => key.provider === provider);
  if (!own) throw new ProviderFailure(provider, 'key_refused');
  const key = await openKey(ctx, sealedKeyOf(own));
  return askWithinBreaker(ctx, { provider, model, keyId: own.id }, () => of(key).transcribe(request, signal));
}

/** Transcribes a piece of the sound; null for one without speech. @throws ProviderFailure */
export async function transcribe(
  ctx: Ctx,
  service: SpeechService,
  row: TranscriptionToAdvance,
  { piece, index }: { piece: SoundPiece; index: number },
): Promise<Transcript | null> {
  if (piece.isSilent) return null;
  const audio = await service.sources.readPiece(sourceOf(row), index);
  const { model, requestedLanguage, language } = row.transcription;
  const request = { model, audio, language: requestedLanguage ?? language };
  return writeDown(ctx, service, request, AbortSignal.timeout(PIECE_MS));
}
