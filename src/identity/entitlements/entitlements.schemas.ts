import { z } from '@hono/zod-openapi';
import { BEYOND_INCLUDED, FEATURES, INCLUDED_METERS, LIMITS } from './entitlements.enums.ts';

export const limitNameSchema = z.enum(LIMITS).openapi({
  description:
    'Name of the limit. `members`: active members. `pending_invitations`: invitations without an answer. ' +
    '`api_keys`: keys that are neither revoked nor expired. `rooms`: rooms, without breakout rooms and rooms of ' +
    'direct calls. `room_capacity`: participants in one room. `links`: links that are active and have not ' +
    'expired. `files`: files, with those that are being uploaded and those that can be restored. `storage_bytes`: ' +
    'bytes of the same files, and of recordings in the storage of the product. `file_bytes`: bytes of one file. ' +
    '`running_recordings`: running recordings. `running_phone_calls`: telephones that were called and have not ' +
    'hung up. `hourly_phone_calls`: telephones that were called, or to which a telephone call was transferred, in ' +
    'the last hour. `memories`: stored memories. `running_generations`: answers that models are generating with a ' +
    'key of the platform; five times as many can be generated with keys of the organization.',
});
export const featureNameSchema = z.enum(FEATURES).openapi({
  description:
    '`breakouts`: opening breakout rooms. `compression`: a compression mode other than `off`. `guest_links`: ' +
    'creating links, through which guests join. `recordings`: recording calls. `live_streams`: streaming calls ' +
    'live to the outside. `ingresses`: bringing streams from outside into calls. `telephony`: people on the ' +
    'telephone in calls. `platform_models`: using AI models with the keys of the platform; every organization can ' +
    'use them with a key of its own. `speech`: reading texts aloud and translating them. `captions`: live ' +
    'captions of calls. `agents`: creating agents and talking to them.',
});
export const meterNameSchema = z.enum(INCLUDED_METERS).openapi({
  description:
    'Name of the meter, with the unit of plans and prices. `participant_minutes`: minutes of participants in ' +
    'calls, including agents. `phone_minutes`: minutes of telephones in calls. `ai_input_tokens`, ' +
    '`ai_output_tokens`, `ai_cache_read_tokens`, `ai_cache_write_tokens` and `ai_cache_write_hour_tokens`: ' +
    '100,000 tokens of AI models, used with keys of the platform; with a key of its own an organization uses ' +
    'none. `embedded_tokens`: 1,000,000 tokens of the memory. `transcription_minutes`, `caption_minutes` and ' +
    '`recognized_minutes`: minutes of sound. `spoken_characters` and `translated_characters`: 1,000 characters.',
});
export const beyondIncludedSchema = z.enum(BEYOND_INCLUDED).openapi({
  description:
    'The consequence when the included amount of a month is used up. `refused`: requests that would use more are ' +
    'refused with `billing.limit_reached` until the next month, a credit or a larger plan. This includes joining ' +
    'a call; people who were in a call may return to it, and it ends at the latest an hour later. `charged`: ' +
    'further usage is charged at the overage prices.',
});
export const requestRatesSchema = z
  .object({
    user: z.int().openapi({ description: 'Limit of one user. An API key has a limit of its own.' }),
    organization: z
      .int()
      .openapi({ description: 'Limit of all users and API keys of the organization together.' }),
  })
  .openapi({ description: 'Requests per minute.' });

/** The fields that say what a plan allows. */
export const planTermFields = {
  limits: z
    .array(
      z.object({
        name: limitNameSchema,
        value: z.int().openapi({ description: 'Maximum number at a time.' }),
      }),
    )
    .openapi({ description: 'Limits of the plan.' }),
  features: z
    .array(
      z.object({
        name: featureNameSchema,
        enabled: z.boolean().openapi({ description: 'Whether the plan includes it.' }),
      }),
    )
    .openapi({ description: 'Features of the plan.' }),
  requestsPerMinute: requestRatesSchema,
  included: z
    .array(
      z.object({
        meter: meterNameSchema,
        amount: z.int().openapi({ description: 'Amount included in each calendar month, UTC.' }),
      }),
    )
    .openapi({ description: 'Amounts that the price includes.' }),
  beyondIncluded: beyondIncludedSchema,
};
