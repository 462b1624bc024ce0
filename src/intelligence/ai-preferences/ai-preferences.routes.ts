import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { presentPersonalPreferences, presentPreferences, versionOf } from './ai-preferences.rules.ts';
import {
  aiPreferencesExample,
  aiPreferencesSchema,
  personalAiPreferencesExample,
  personalAiPreferencesSchema,
  setAiPreferencesExample,
  setAiPreferencesSchema,
  setPersonalAiPreferencesExample,
  setPersonalAiPreferencesSchema,
} from './ai-preferences.schemas.ts';
import type { StoredPreferences } from './ai-preferences.rules.ts';
import type { AiPreferences } from './ai-preferences.tables.ts';
import {
  getPersonalPreferences,
  getPreferences,
  setPersonalPreferences,
  setPreferences,
} from './manage-preferences.ts';

const tag = 'AI';
const path = '/api/v1/ai/preferences';
const ownPath = `${path}/me`;
const ofOrganization = {
  tag,
  limit: 'api',
  success: {
    200: { description: 'The preferences', schema: aiPreferencesSchema, example: aiPreferencesExample },
  },
  respond: (stored: AiPreferences | undefined) => ok(presentPreferences(stored), versionOf(stored)),
} as const;
const ofPerson = {
  tag,
  limit: 'api',
  success: {
    200: {
      description: 'The preferences',
      schema: personalAiPreferencesSchema,
      example: personalAiPreferencesExample,
    },
  },
  respond: (stored: StoredPreferences | undefined) =>
    ok(presentPersonalPreferences(stored), versionOf(stored)),
} as const;
const COUNTS = 'They count for every question from now on, also for agents and summaries.';

export const aiPreferenceRoutes: readonly Route[] = [
  defineRoute({
    ...ofOrganization,
    method: 'get',
    path,
    operationId: 'getAiPreferences',
    summary: 'Get AI preferences',
    description:
      'Returns which models the organization prefers, allows and excludes. Until preferences are set, ' +
      'all models may be asked.',
    access: { kind: 'permission', permission: 'ai-settings:read' },
    handle: (ctx) => getPreferences(ctx),
  }),
  defineRoute({
    ...ofOrganization,
    method: 'put',
    path,
    operationId: 'setAiPreferences',
    summary: 'Set AI preferences',
    description:
      'Sets which models may answer the organization, and how much an answer may cost. Members cannot ' +
      `allow by their own preferences what these do not allow. ${COUNTS}`,
    access: { kind: 'permission', permission: 'ai-settings:write' },
    concurrency: true,
    body: { schema: setAiPreferencesSchema, example: setAiPreferencesExample },
    handle: (ctx, { body: input, ifMatch }) => setPreferences(ctx, input, ifMatch),
  }),
  defineRoute({
    ...ofPerson,
    method: 'get',
    path: ownPath,
    operationId: 'getPersonalAiPreferences',
    summary: 'Get personal AI preferences',
    description: 'Returns which models the current user prefers. Only that user can see them.',
    access: { kind: 'permission', permission: 'ai:read' },
    handle: (ctx) => getPersonalPreferences(ctx),
  }),
  defineRoute({
    ...ofPerson,
    method: 'put',
    path: ownPath,
    operationId: 'setPersonalAiPreferences',
    summary: 'Set personal AI preferences',
    description:
      'Sets which models answer the current user, within what the organization allows. Their default ' +
      `model and policy come before those of the organization. ${COUNTS}`,
    access: { kind: 'permission', permission: 'ai:read' },
    concurrency: true,
    body: { schema: setPersonalAiPreferencesSchema, example: setPersonalAiPreferencesExample },
    handle: (ctx, { body: input, ifMatch }) => setPersonalPreferences(ctx, input, ifMatch),
  }),
];
