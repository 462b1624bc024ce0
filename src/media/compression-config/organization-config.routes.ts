import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { compressionConfigErrors } from './compression-config.errors.ts';
import {
  presentConfig,
  presentEffectiveConfig,
  presentOrganizationConfig,
} from './compression-config.present.ts';
import {
  configExample,
  configSchema,
  effectiveConfigExample,
  effectiveConfigQuerySchema,
  effectiveConfigSchema,
  setConfigExample,
  setConfigSchema,
  updateConfigSchema,
} from './compression-config.schemas.ts';
import { deleteConfig, setConfig } from './manage-configs.ts';
import { getEffectiveConfig, getOrganizationConfig } from './read-configs.ts';

export const tag = 'Compression';
export const base = '/api/v1/aic/config';
export const configErrors = {
  plan: entitlementErrors.featureNotIncluded,
  missing: compressionConfigErrors.configNotFound,
};
const success = (description: string) => ({
  200: { description, schema: configSchema, example: configExample },
});
export const permission = <const P extends 'rooms:read' | 'rooms:write' | 'organizations:write'>(name: P) =>
  ({ kind: 'permission', permission: name }) as const;
export const REPLACES =
  'Fields that are null leave the value to the more general config. A mode other than `off` is part of the plan.';

const ORGANIZATION = { roomId: null, userId: null };
export const organizationConfigRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: base,
    operationId: 'getCompressionConfig',
    tag,
    summary: 'Get the compression config',
    description:
      "Returns the organization's compression config, which applies where neither the user nor the room has its own.",
    access: permission('rooms:read'),
    limit: 'api',
    success: success('The config'),
    handle: (ctx) => getOrganizationConfig(ctx),
    respond: (row) => ok(presentOrganizationConfig(row), row?.version),
  }),
  defineRoute({
    method: 'put',
    path: base,
    operationId: 'setCompressionConfig',
    tag,
    summary: 'Set the compression config',
    description: `Replaces the organization's compression config. ${REPLACES} Owners and administrators can do this.`,
    access: permission('organizations:write'),
    limit: 'api',
    body: { schema: setConfigSchema, example: setConfigExample },
    concurrency: true,
    success: success('The config'),
    errors: [configErrors.plan],
    handle: (ctx, { body, ifMatch }) => setConfig(ctx, ORGANIZATION, body, ifMatch),
    respond: (row) => ok(presentConfig(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path: base,
    operationId: 'updateCompressionConfig',
    tag,
    summary: 'Update the compression config',
    description:
      "Changes fields of the organization's compression config. Owners and administrators can do this.",
    access: permission('organizations:write'),
    limit: 'api',
    body: { schema: updateConfigSchema, example: { mode: 'conservative' } },
    concurrency: true,
    success: success('The config'),
    errors: [configErrors.plan],
    handle: (ctx, { body, ifMatch }) => setConfig(ctx, ORGANIZATION, body, ifMatch),
    respond: (row) => ok(presentConfig(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path: base,
    operationId: 'deleteCompressionConfig',
    tag,
    summary: 'Delete the compression config',
    description:
      "Removes the organization's compression config. Then the mode is `off`, and copies are AV1 at an SSIM of 0.96. " +
      'Owners and administrators can do this.',
    access: permission('organizations:write'),
    limit: 'api',
    concurrency: true,
    success: { 204: { description: 'The config is removed' } },
    errors: [configErrors.missing],
    handle: (ctx, { ifMatch }) => deleteConfig(ctx, ORGANIZATION, ifMatch),
    respond: noContent,
  }),
  defineRoute({
    method: 'get',
    path: `${base}/effective`,
    operationId: 'getEffectiveCompressionConfig',
    tag,
    summary: 'Get the effective compression config',
    description:
      "Returns the values that apply to a user in a room, and the config that each comes from: the user's, otherwise the " +
      "room's, otherwise the organization's. Owners and administrators can ask for any user, others for themselves.",
    access: permission('rooms:read'),
    limit: 'api',
    query: effectiveConfigQuerySchema,
    success: {
      200: { description: 'What holds', schema: effectiveConfigSchema, example: effectiveConfigExample },
    },
    errors: [roomErrors.notFound, compressionConfigErrors.userNotFound],
    handle: (ctx, { query }) => getEffectiveConfig(ctx, query),
    respond: (config) => ok(presentEffectiveConfig(config)),
  }),
];
