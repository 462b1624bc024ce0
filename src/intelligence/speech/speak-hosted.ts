import { holdFeature } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { askWithinBreaker } from '../model-breakers/index.ts';
import { selectPlatformModels } from '../models/index.ts';
import { openKey, selectProviderKeys, type SealedKey, sealedKeyOf } from '../provider-keys/index.ts';
import { ProviderFailure, type SpokenText, type Voice } from '../providers/index.ts';
import { speechErrorOf, useCounted } from '../speech-usage/index.ts';
import { voiceErrors } from './speech.errors.ts';
import type { CreateSpeech } from './speech.schemas.ts';

/** The prefix of a provider's voices in requests: `openai.alloy`. */
const prefixOf = ({ ports }: Ctx) => `${ports.hostedVoices.provider}.`;

export const isHostedVoice = (ctx: Ctx, voiceId: string): boolean => voiceId.startsWith(prefixOf(ctx));

/** The key of the organization, or `platform` if its plan includes that; null for none. */
async function findKey(ctx: Ctx): Promise<SealedKey | 'platform' | null> {
  const { organizationId, ports } = ctx;
  const { provider } = ports.hostedVoices;
  const now = new Date(ctx.clock.now());
  const [keys, { rows: features }] = await ctx.read((q) => [
    selectProviderKeys(q, organizationId),
    selectPlatformModels(q, { organizationId, now }),
  ]);
  const own = keys.find((key) => key.provider === provider);
  if (own) return sealedKeyOf(own);
  return ports.chat.keyOf(provider) && features[0]!.included ? 'platform' : null;
}

/** The voices of the provider, if there is a key for it. @throws AppError `auth.forbidden` without `ai:read` */
export async function listHostedVoices(ctx: Ctx): Promise<readonly Voice[]> {
  requirePermission(ctx.actor, 'ai:read');
  if ((await findKey(ctx)) === null) return [];
  return ctx.ports.hostedVoices.voices.map((voice) => ({ ...voice, id: prefixOf(ctx) + voice.id }));
}

/** A refused key of the organization is shown to the caller; one of the platform is not. */
function errorOf(error: unknown, isOwnKey: boolean): unknown {
  if (!(error instanceof ProviderFailure) || !isOwnKey) return speechErrorOf(error);
  const { kind } = error;
  if (kind === 'key_refused') return voiceErrors.keyRefused({ cause: error });
  return kind === 'no_credit' ? voiceErrors.noCredit({ cause: error }) : speechErrorOf(error);
}

/** Holds that the plan includes speech; when the provider charges the organization, nothing else counts. */
const requireSpeech = (ctx: Ctx) =>
  ctx.read((q) => [
    holdFeature(q, {
      organizationId: ctx.organizationId,
      now: new Date(ctx.clock.now()),
      feature: 'speech',
    }),
  ]);

/**
 * Reads a text with a voice of a provider. With a key of the organization the provider charges it, and no meter counts
 * it.
 * @throws AppError `voices.*`, `speech.*`, `billing.*`, `auth.forbidden` without `ai:write`
 */
export async function speakHosted(
  ctx: Ctx,
  { text, voice, format, speed }: CreateSpeech,
  ask: (speak: (signal: AbortSignal) => Promise<SpokenText>) => Promise<SpokenText>,
  place?: { roomId: string; callId: string },
): Promise<SpokenText> {
  requirePermission(ctx.actor, 'ai:write');
  const { provider, model, voices, of } = ctx.ports.hostedVoices;
  const id = voice.slice(prefixOf(ctx).length);
  if (!voices.some((each) => each.id === id)) throw voiceErrors.notFound();
  const found = await findKey(ctx);
  if (found === null) throw voiceErrors.noKey();
  const isOwnKey = found !== 'platform';
  const key = isOwnKey ? await openKey(ctx, found) : ctx.ports.chat.keyOf(provider)!;
  const request = { model, voice: id, text, speed, format };
  const speak = () =>
    askWithinBreaker(ctx, { provider, model, keyId: isOwnKey ? found.id : null }, () =>
      ask((signal) => of(key).speak(request, signal)),
    ).catch((error: unknown) => {
      throw errorOf(error, isOwnKey);
    });
  if (isOwnKey) {
    await requireSpeech(ctx);
    return speak();
  }
  const use = {
    meter: 'spoken_characters',
    quantity: text.length,
    engine: { provider, model },
    place,
  } as const;
  return useCounted(ctx, { ...use, discard: ({ audio }) => audio.cancel() }, speak);
}
