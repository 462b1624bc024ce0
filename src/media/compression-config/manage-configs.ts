import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  requestErrors,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { compressionConfigErrors } from './compression-config.errors.ts';
import {
  changeConfig,
  type ConfigScope,
  deleteConfigRow,
  holdCompression,
  insertConfig,
} from './compression-config.queries.ts';
import type { UpdateConfig } from './compression-config.schemas.ts';
import type { CompressionConfigRow } from './compression-config.tables.ts';
import { readConfig, requireUserAccess } from './read-configs.ts';

/** Owners and administrators decide for others, hosts for their rooms (`readConfig` asks for that), and users for themselves. */
function requireWriter(ctx: Ctx, { roomId, userId }: ConfigScope): void {
  if (userId !== null) return requireUserAccess(ctx, userId);
  requirePermission(ctx.actor, roomId === null ? 'organizations:write' : 'rooms:write');
}

const targetOf = (ctx: Ctx, { roomId, userId }: ConfigScope) =>
  userId !== null
    ? { type: 'user', id: userId }
    : roomId === null
      ? { type: 'organization', id: ctx.organizationId }
      : { type: 'room', id: roomId };

/** What the audit log shows of a config. */
const shown = ({ mode, maxSendBps, codec, minSsim }: CompressionConfigRow) => ({
  mode,
  maxSendBps,
  codec,
  minSsim,
});

function newConfig(ctx: Ctx, scope: ConfigScope, input: UpdateConfig): CompressionConfigRow {
  const now = new Date(ctx.clock.now());
  const { mode = null, maxSendBps = null, codec = null, minSsim = null } = input;
  const id = ctx.ids.create('compressionConfig');
  const { organizationId } = ctx;
  const values = { mode, maxSendBps, codec, minSsim };
  return { id, organizationId, ...scope, ...values, createdAt: now, updatedAt: now, version: 1 };
}

/** A mode other than `off` is part of the plan; everything else can be set without it. */
const needsPlan = ({ mode }: UpdateConfig) => mode !== undefined && mode !== null && mode !== 'off';

/**
 * Sets the given values for a scope; values that are left out keep what they were, null at first.
 * @throws AppError `auth.forbidden`, `rooms.*` or `compression.user_not_found` as `readConfig`, `request.stale`, or
 *   `billing.feature_not_included` for a mode that the plan does not have
 */
export async function setConfig(
  ctx: Ctx,
  scope: ConfigScope,
  input: UpdateConfig,
  ifMatch: IfMatch,
): Promise<CompressionConfigRow> {
  requireWriter(ctx, scope);
  const existing = await readConfig(ctx, scope, { forWriting: true });
  requireVersion(existing ?? { version: 0 }, ifMatch);
  const now = new Date(ctx.clock.now());
  const set = { ...input, updatedAt: now };
  const row = existing
    ? { ...existing, ...set, version: existing.version + 1 }
    : newConfig(ctx, scope, input);
  return ctx.commit({
    write: (q) => [
      existing ? changeConfig(q, existing, set) : insertConfig(q, row),
      ...(needsPlan(input) ? [holdCompression(q, ctx.organizationId, now)] : []),
    ],
    conflicts: { compression_configs_key: requestErrors.stale },
    audit: {
      action: 'compression_config.set',
      target: targetOf(ctx, scope),
      ...(existing ? diffFields(shown(existing), shown(row)) : { after: shown(row) }),
    },
    result: row,
  });
}

/**
 * Removes the config of a scope, so that the more general one applies.
 * @throws AppError `compression.config_not_found`, and as `setConfig`
 */
export async function deleteConfig(ctx: Ctx, scope: ConfigScope, ifMatch: IfMatch): Promise<void> {
  requireWriter(ctx, scope);
  const row = await readConfig(ctx, scope, { forWriting: true });
  if (!row) throw compressionConfigErrors.configNotFound();
  requireVersion(row, ifMatch);
  return ctx.commit({
    write: (q) => [deleteConfigRow(q, row)],
    audit: {
      action: 'compression_config.deleted',
      target: targetOf(ctx, scope),
      before: shown(row),
    },
    result: undefined,
  });
}
