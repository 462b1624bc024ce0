import { z } from '@hono/zod-openapi';
import type { EntitlementLimit, Feature, IncludedMeter } from './entitlements.enums.ts';

const LIMIT_DESCRIPTIONS: Readonly<Record<EntitlementLimit, string>> = {
  members: 'Active members.',
  pending_invitations: 'Invitations that wait for an answer.',
  api_keys: 'API keys that are neither revoked nor expired.',
  rooms: 'Rooms; breakout rooms and rooms of direct calls do not count.',
  room_capacity: 'Highest capacity of a room, in participants.',
  links: 'Links that are active and have not expired.',
};
const FEATURE_DESCRIPTIONS: Readonly<Record<Feature, string>> = {
  breakouts: 'Dividing a room into breakout rooms.',
  guest_links: 'Creating links, through which guests join without an account.',
};
const METER_DESCRIPTIONS: Readonly<Record<IncludedMeter, string>> = {
  participant_minutes: 'Minutes of participants in calls.',
  ai_calls: 'Calls of AI models.',
};

function describeAll<K extends string, S extends z.ZodType>(
  descriptions: Readonly<Record<K, string>>,
  schema: () => S,
): z.ZodObject<Record<K, S>> {
  const fields = Object.entries<string>(descriptions).map(
    ([name, description]) => [name, schema().openapi({ description })] as const,
  );
  return z.object(Object.fromEntries(fields) as Record<K, S>);
}

/** The fields that say what a plan allows. */
export const describeTerms = () => ({
  limits: describeAll(LIMIT_DESCRIPTIONS, () => z.int().min(0)).openapi({
    description: 'Most that there can be at a time.',
  }),
  features: describeAll(FEATURE_DESCRIPTIONS, () => z.boolean()).openapi({
    description: 'What the plan includes.',
  }),
  requestsPerMinute: z
    .object({
      user: z.int().openapi({ description: 'Of one user. An API key has a limit of its own.' }),
      organization: z.int().openapi({ description: 'Of all users and API keys of the organization.' }),
    })
    .openapi({ description: 'Requests per minute.' }),
  included: describeAll(METER_DESCRIPTIONS, () => z.int().min(0)).openapi({
    description: 'What is included in each calendar month, UTC.',
  }),
});
