import type { Ctx } from '../../kernel/context/index.ts';
import {
  type Actor,
  authErrors,
  diffFields,
  type IfMatch,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { customModelsOf, selectProviderKeys } from '../provider-keys/index.ts';
import {
  selectPersonalPreferences,
  selectPreferences,
  upsertPersonalPreferences,
  upsertPreferences,
} from './ai-preferences.queries.ts';
import { presentPreferences, requireSound, storedOf, versionOf } from './ai-preferences.rules.ts';
import type { SetAiPreferences, SetPersonalAiPreferences } from './ai-preferences.schemas.ts';
import type { AiPreferences, PersonalAiPreferences } from './ai-preferences.tables.ts';

/** @returns undefined if they were never set @throws AppError `auth.forbidden` without `ai-settings:read` */
export async function getPreferences(ctx: Ctx): Promise<AiPreferences | undefined> {
  requirePermission(ctx.actor, 'ai-settings:read');
  const [[row]] = await ctx.read((q) => [selectPreferences(q, ctx.organizationId)]);
  return row;
}

/**
 * Sets those of the organization.
 * @throws AppError `request.invalid`, `request.stale`, or `auth.forbidden` without `ai-settings:write`
 */
export async function setPreferences(
  ctx: Ctx,
  input: SetAiPreferences,
  ifMatch: IfMatch,
): Promise<AiPreferences> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const { organizationId } = ctx;
  const [[before], keys] = await ctx.read((q) => [
    selectPreferences(q, organizationId),
    selectProviderKeys(q, organizationId),
  ]);
  requireSound(input, customModelsOf(keys));
  requireVersion({ version: versionOf(before) }, ifMatch);
  const row = {
    organizationId,
    ...storedOf(input, before, new Date(ctx.clock.now())),
    reuseAnswersSeconds: input.reuseAnswersSeconds,
    hedgeAfterSeconds: input.hedgeAfterSeconds,
  };
  const { updatedAt: _before, ...shown } = presentPreferences(before);
  return ctx.commit({
    write: (q) => [upsertPreferences(q, row)],
    audit: {
      action: 'ai_preferences.set',
      severity: 'warning',
      target: { type: 'organization', id: organizationId },
      ...diffFields(shown, input),
    },
    result: row,
  });
}

/** @throws AppError `auth.forbidden` unless the actor is a user: only users have preferences of their own */
function requirePerson(actor: Actor): string {
  if (actor.kind !== 'user')
    throw authErrors.forbidden({ detail: 'only a signed-in user has preferences of their own' });
  return actor.userId;
}

/** Those of the current user; undefined if they were never set. @throws AppError `auth.forbidden` without `ai:read` */
export async function getPersonalPreferences(ctx: Ctx): Promise<PersonalAiPreferences | undefined> {
  requirePermission(ctx.actor, 'ai:read');
  const userId = requirePerson(ctx.actor);
  const [[row]] = await ctx.read((q) => [selectPersonalPreferences(q, ctx.organizationId, userId)]);
  return row;
}

/** Sets those of the current user. @throws AppError `request.invalid`, `request.stale`, or `auth.forbidden` without `ai:read` */
export async function setPersonalPreferences(
  ctx: Ctx,
  input: SetPersonalAiPreferences,
  ifMatch: IfMatch,
): Promise<PersonalAiPreferences> {
  requirePermission(ctx.actor, 'ai:read');
  const userId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  const [[before], keys] = await ctx.read((q) => [
    selectPersonalPreferences(q, organizationId, userId),
    selectProviderKeys(q, organizationId),
  ]);
  requireSound(input, customModelsOf(keys));
  requireVersion({ version: versionOf(before) }, ifMatch);
  const row = {
    organizationId,
    userId,
    ...storedOf(input, before, new Date(ctx.clock.now())),
  };
  return ctx.commit({ write: (q) => [upsertPersonalPreferences(q, row)], result: row });
}
