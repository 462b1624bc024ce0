import type { Ctx } from '../../kernel/context/index.ts';
import { askWithinBreaker } from '../model-breakers/index.ts';
import { openKey, selectProviderKeys, sealedKeyOf } from '../provider-keys/index.ts';
import {
  ProviderFailure,
  type SpeechService,
  type Transcript,
  type TranscriptionRequest,
} from '../providers/index.ts';
import { OPENAI_MODEL, type Transcription } from '../transcripts/index.ts';

/** Whether the provider charges the organization, so that no meter counts it. */
export const isOnOwnKey = ({ model }: Pick<Transcription, 'model'>): boolean => model === OPENAI_MODEL;

/**
 * Writes a piece of sound down: with the speech service, or with the provider of the model and the key that the organization has for it now.
 * @throws ProviderFailure also where it has no key any more
 */
export async function writeDown(
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
