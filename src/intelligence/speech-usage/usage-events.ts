import type { Ctx } from '../../kernel/context/index.ts';
import { SPEECH_MODELS, SPEECH_PROVIDER, type SpeechMeter } from './speech-usage.enums.ts';
import { speechUsed } from './speech-usage.events.ts';

export interface SpeechEngine {
  provider: string;
  model: string;
}

export const engineOf = ({ meter, engine }: Pick<SpeechQuantity, 'meter' | 'engine'>): SpeechEngine =>
  engine ?? { provider: SPEECH_PROVIDER, model: SPEECH_MODELS[meter] };

/** A request to the speech service, as plan, budget and meter see it. */
export interface SpeechQuantity {
  /** Identifies it to the budget and to the meter. */
  id: string;
  meter: SpeechMeter;
  /** In the base unit of the meter. */
  quantity: number;
  /** The engine, as prices and usage name it. Absent: the speech service. */
  engine?: SpeechEngine;
}

/** The call in which it was used. */
interface SpeechLocation {
  roomId: string;
  callId: string;
  agentId?: string;
}

export const userOf = ({ actor }: Ctx) => (actor.kind === 'user' ? actor.userId : null);

export const usageOf = (
  { id, meter, quantity, engine }: SpeechQuantity,
  at: Date,
  causedBy: string | null,
  { roomId, callId, agentId }: Partial<SpeechLocation> = {},
) =>
  speechUsed.of({
    requestId: id,
    meter,
    ...engineOf({ meter, engine }),
    quantity,
    causedBy,
    at: at.toISOString(),
    roomId: roomId ?? null,
    callId: callId ?? null,
    agentId: agentId ?? null,
  });

/** Characters that the captions of a call had translated; `countIncluded` counts them in the same commit. */
export const translatedEvent = (
  ctx: Ctx,
  quantity: number,
  { at, roomId, callId }: { at: Date; roomId: string; callId: string },
) =>
  usageOf({ id: ctx.ids.create('request'), meter: 'translated_characters', quantity }, at, userOf(ctx), {
    roomId,
    callId,
  });

/** Use of speech by an agent in a call, for a person; `countIncluded` counts it in the same commit. */
export const agentSpeechEvent = (
  ctx: Ctx,
  used: { meter: SpeechMeter; quantity: number },
  { at, userId, ...place }: { at: Date; userId: string } & Required<SpeechLocation>,
) => usageOf({ ...used, id: ctx.ids.create('request') }, at, userId, place);
