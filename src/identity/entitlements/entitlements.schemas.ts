import { z } from '@hono/zod-openapi';
import { BEYOND_INCLUDED, FEATURES, INCLUDED_METERS, LIMITS } from './entitlements.enums.ts';

export const limitNameSchema = z.enum(LIMITS).openapi({
  description:
    'What is limited. `members`: active members. `pending_invitations`: invitations that wait for an answer. `api_keys`: keys ' +
    'that are neither revoked nor expired. `rooms`: rooms, without breakout rooms and rooms of direct calls. `room_capacity`: ' +
    'participants in one room. `links`: links that are active and have not expired. `files`: files, with those ' +
    'that are being uploaded and those that can be restored. `storage_bytes`: bytes of the same files, and of recordings in the storage of the product. `file_bytes`: bytes of one file. `running_recordings`: ' +
    'recordings that run. `running_phone_calls`: telephones that were called and have not hung up. `hourly_phone_calls`: telephones ' +
    'that were called, or that a telephone call was transferred to, in the last hour. ' +
    '`memories`: memories that are kept. `running_generations`: answers that models are giving on a key of the platform; on keys of the organization five times as many.',
});
export const featureNameSchema = z.enum(FEATURES).openapi({
  description:
    '`breakouts`: opening breakout rooms. `compression`: a compression mode other than `off`. `guest_links`: creating links, ' +
    'through which guests join. `recordings`: recording calls. `live_streams`: streaming calls live to the outside. ' +
    '`ingresses`: bringing streams from outside into calls. `telephony`: people on the telephone in calls. ' +
    '`platform_models`: asking AI models with the keys of the platform; with a key of its own every organization can. ' +
    '`speech`: reading texts aloud and translating them. `captions`: live captions of calls. ' +
    '`agents`: creating agents and talking to them.',
});
export const meterNameSchema = z.enum(INCLUDED_METERS).openapi({
  description:
    'What is counted, and in which unit of plans and prices. `participant_minutes`: minutes of participants in calls, agents among them. ' +
    '`phone_minutes`: minutes of telephones in calls. `ai_input_tokens`, `ai_output_tokens`, `ai_cache_read_tokens`, ' +
    '`ai_cache_write_tokens` and `ai_cache_write_hour_tokens`: 100,000 tokens of AI models, asked with keys of the platform; with a key of its own an ' +
    'organization uses none. `embedded_tokens`: 1,000,000 tokens of the memory. `transcription_minutes`, `caption_minutes` and `recognized_minutes`: minutes of sound. ' +
    '`spoken_characters` and `translated_characters`: 1,000 characters.',
});
export const beyondIncludedSchema = z.enum(BEYOND_INCLUDED).openapi({
  description:
    'What happens once an included amount of a month is used up. `refused`: what would use more of it is refused with ' +
    '`billing.limit_reached` until the next month, a credit or a larger plan. So is joining a call; people who were in a call may come ' +
    'back to it, and it ends an hour later at the latest. `charged`: more is charged at the overage prices.',
});
export const requestRatesSchema = z
  .object({
    user: z.int().openapi({ description: 'Of one user. An API key has a limit of its own.' }),
    organization: z.int().openapi({ description: 'Of all users and API keys of the organization.' }),
  })
  .openapi({ description: 'Requests per minute.' });

/** The fields that say what a plan allows. */
export const planTermFields = {
  limits: z
    .array(
      z.object({
        name: limitNameSchema,
        value: z.int().openapi({ description: 'Most that there can be at a time.' }),
      }),
    )
    .openapi({ description: 'What the plan limits.' }),
  features: z
    .array(
      z.object({
        name: featureNameSchema,
        enabled: z.boolean().openapi({ description: 'Whether the plan has it.' }),
      }),
    )
    .openapi({ description: 'What the plan switches on or off.' }),
  requestsPerMinute: requestRatesSchema,
  included: z
    .array(
      z.object({
        meter: meterNameSchema,
        amount: z.int().openapi({ description: 'What is included in each calendar month, UTC.' }),
      }),
    )
    .openapi({ description: 'What the price includes.' }),
  beyondIncluded: beyondIncludedSchema,
};
