import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { compressionConfigErrors } from './compression-config.errors.ts';
import { presentConfig } from './compression-config.present.ts';
import {
  configExample,
  configSchema,
  roomConfigParamsSchema,
  setConfigExample,
  setConfigSchema,
  updateConfigSchema,
  userConfigParamsSchema,
} from './compression-config.schemas.ts';
import {
  base,
  configErrors,
  organizationConfigRoutes,
  permission,
  REPLACES,
  tag,
} from './organization-config.routes.ts';
import { deleteConfig, setConfig } from './manage-configs.ts';
import { getConfig } from './read-configs.ts';

const ofRoom = ({ roomId }: { roomId: string }) => ({ roomId, userId: null });
const ofUser = ({ userId }: { userId: string }) => ({ roomId: null, userId });

/** The configs of rooms and users have the same operations, with other rights. */
const OVERRIDES = [
  {
    path: `${base}/rooms/{roomId}`,
    name: 'Room',
    noun: 'room',
    params: roomConfigParamsSchema,
    scopeOf: ofRoom as (params: never) => ReturnType<typeof ofRoom>,
    read: permission('rooms:read'),
    write: permission('rooms:write'),
    who: 'Hosts of the room and administrators can do this.',
    errors: [roomErrors.notFound],
    writeErrors: [accessErrors.notManager],
  },
  {
    path: `${base}/users/{userId}`,
    name: 'User',
    noun: 'user',
    params: userConfigParamsSchema,
    scopeOf: ofUser as (params: never) => ReturnType<typeof ofUser>,
    read: permission('rooms:read'),
    write: permission('rooms:read'),
    who: 'Users can do this for themselves, owners and administrators for every member.',
    errors: [compressionConfigErrors.userNotFound],
    writeErrors: [],
  },
] as const;

type Override = (typeof OVERRIDES)[number];

const exampleOfOverride = { ...configExample, mode: 'conservative' as const };
const one = { 200: { description: 'The config', schema: configSchema, example: exampleOfOverride } };
const common = ({ path, params }: Override) => ({ path, tag, params, limit: 'api' }) as const;

const readRoute = (override: Override): Route =>
  defineRoute({
    ...common(override),
    method: 'get',
    operationId: `get${override.name}CompressionConfig`,
    summary: `Get a ${override.noun}'s compression config`,
    description:
      `Returns the compression config of one ${override.noun}. ${override.noun === 'user' ? override.who : ''}`.trim(),
    access: override.read,
    success: one,
    errors: [...override.errors, configErrors.missing],
    handle: (ctx, { params }) => getConfig(ctx, override.scopeOf(params as never)),
    respond: (row) => ok(presentConfig(row), row.version),
  });

const setRoute = (override: Override): Route =>
  defineRoute({
    ...common(override),
    method: 'put',
    operationId: `set${override.name}CompressionConfig`,
    summary: `Set a ${override.noun}'s compression config`,
    description: `Replaces the compression config of one ${override.noun}. ${REPLACES} ${override.who}`,
    access: override.write,
    body: { schema: setConfigSchema, example: setConfigExample },
    concurrency: true,
    success: one,
    errors: [...override.errors, ...override.writeErrors, configErrors.plan],
    handle: (ctx, { params, body, ifMatch }) =>
      setConfig(ctx, override.scopeOf(params as never), body, ifMatch),
    respond: (row) => ok(presentConfig(row), row.version),
  });

const updateRoute = (override: Override): Route =>
  defineRoute({
    ...common(override),
    method: 'patch',
    operationId: `update${override.name}CompressionConfig`,
    summary: `Update a ${override.noun}'s compression config`,
    description: `Changes fields of the compression config of one ${override.noun}. ${override.who}`,
    access: override.write,
    body: { schema: updateConfigSchema, example: { mode: 'off' } },
    concurrency: true,
    success: one,
    errors: [...override.errors, ...override.writeErrors, configErrors.plan],
    handle: (ctx, { params, body, ifMatch }) =>
      setConfig(ctx, override.scopeOf(params as never), body, ifMatch),
    respond: (row) => ok(presentConfig(row), row.version),
  });

const deleteRoute = (override: Override): Route =>
  defineRoute({
    ...common(override),
    method: 'delete',
    operationId: `delete${override.name}CompressionConfig`,
    summary: `Delete a ${override.noun}'s compression config`,
    description: `Removes the compression config of one ${override.noun}, so that the organization's applies. ${override.who}`,
    access: override.write,
    concurrency: true,
    success: { 204: { description: 'The config is removed' } },
    errors: [...override.errors, ...override.writeErrors, configErrors.missing],
    handle: (ctx, { params, ifMatch }) => deleteConfig(ctx, override.scopeOf(params as never), ifMatch),
    respond: noContent,
  });

export const compressionConfigRoutes: readonly Route[] = [
  ...organizationConfigRoutes,
  ...OVERRIDES.flatMap((override) => [
    readRoute(override),
    setRoute(override),
    updateRoute(override),
    deleteRoute(override),
  ]),
];
