import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, ok, type Reply, type Route } from '../../platform/http/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { listAllVoices, previewVoice, type Sound, speakText } from './speak-text.ts';
import { SOUND_TYPES } from './speech.enums.ts';
import { voiceErrors } from './speech.errors.ts';
import {
  createSpeechExample,
  createSpeechSchema,
  previewVoiceSchema,
  voiceExample,
  voiceListSchema,
} from './speech.schemas.ts';

const tag = 'Speech';
const writeAccess = { kind: 'permission', permission: 'ai:write' } as const;
const { degraded, busy, requestRefused, priceUnknown, outOfBudget } = speechErrors;
const { noneForLanguage: _noneForLanguage, ...ownErrors } = voiceErrors;
const errors = [
  entitlementErrors.featureNotIncluded,
  degraded,
  busy,
  requestRefused,
  priceUnknown,
  outOfBudget,
  ...Object.values(ownErrors),
];
const roundTrips = {
  max: 5,
  reason:
    'keys are read for voices of providers, with a budget the price, and what was spoken is counted after it has begun',
};
const timeLimitSeconds = 30;
const NOT_KEPT = 'Neither text nor sound is kept, so a repeated request is spoken and counted again.';

const soundOf = ({ type, content }: Sound): Reply => ({
  status: 200,
  raw: { content, type },
  headers: { 'Cache-Control': 'no-store' },
});

export const speechRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/voices',
    operationId: 'listVoices',
    tag,
    summary: 'List voices',
    description:
      'Lists the voices that can read a text aloud, with the language of each: those of the speech ' +
      'service, and those of OpenAI. OpenAI needs a key of the organization, or a plan that includes ' +
      "the platform's key. While the speech service is not available, only the voices of OpenAI are " +
      'listed.',
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    roundTrips: { max: 2, reason: 'keys say which voices of providers can be asked for' },
    success: {
      200: { description: 'The voices', schema: voiceListSchema, example: { data: [voiceExample] } },
    },
    errors: [degraded, busy, requestRefused],
    handle: listAllVoices,
    respond: (data) => ok({ data }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/ai/voices/preview',
    operationId: 'previewVoice',
    tag,
    summary: 'Preview a voice',
    description:
      'Returns a sentence that a voice says about itself, as MP3. The characters of the sentence are ' +
      'counted, as for other texts.',
    access: writeAccess,
    limit: 'ai',
    timeLimitSeconds,
    roundTrips,
    body: { schema: previewVoiceSchema, example: { voice: 'joe' } },
    success: { 200: { description: 'The sound', mediaTypes: [SOUND_TYPES.mp3] } },
    errors,
    handle: (ctx, { body }) => previewVoice(ctx, body.voice),
    respond: soundOf,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/ai/speech',
    operationId: 'createSpeech',
    tag,
    summary: 'Create speech',
    description:
      'Reads a text aloud. The sound is sent while it is spoken, sentence by sentence. The plan must ' +
      'include the feature `speech`. The characters are counted as `spoken_characters` once the sound ' +
      `has begun, unless a key of the organization pays for them. ${NOT_KEPT}`,
    access: writeAccess,
    limit: 'ai',
    timeLimitSeconds,
    roundTrips,
    body: { schema: createSpeechSchema, example: createSpeechExample },
    success: { 200: { description: 'The sound', mediaTypes: Object.values(SOUND_TYPES) } },
    errors,
    handle: (ctx, { body }) => speakText(ctx, body),
    respond: soundOf,
  }),
];
