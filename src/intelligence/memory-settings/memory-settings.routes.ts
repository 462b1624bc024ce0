import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import type { MemorySettings } from '../memory/index.ts';
import { getSettings, updateSettings, versionOf } from './change-settings.ts';

import { memorySettingsSchema, updateMemorySettingsSchema } from './memory-settings.schemas.ts';

const tag = 'Memory';
const path = '/api/v1/ai/memory/settings';
const success = (description: string) => ({
  200: {
    description,
    schema: memorySettingsSchema,
    example: { enabled: true, updatedAt: '2026-01-05T09:30:00.000Z' },
  },
});
const presentSettings = (settings: MemorySettings | undefined) => ({
  enabled: settings?.enabled ?? false,
  updatedAt: settings?.updatedAt.toISOString() ?? null,
});

export const memorySettingsRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getMemorySettings',
    tag,
    summary: 'Get memory settings',
    description:
      "Returns whether the current user's own memory is switched on. It is off until they switch it " +
      'on; an administrator cannot.',
    access: { kind: 'permission', permission: 'memories:read' },
    limit: 'api',
    success: success('The settings'),
    handle: (ctx) => getSettings(ctx),
    respond: (settings) => ok(presentSettings(settings), versionOf(settings)),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'updateMemorySettings',
    tag,
    summary: 'Update memory settings',
    description:
      'Switches the memory of the current user on or off. While it is off, nothing is stored or ' +
      'recalled for them alone. They can still list and delete what was stored; `deleteMemories` ' +
      'deletes all of it at once.',
    access: { kind: 'permission', permission: 'memories:read' },
    limit: 'api',
    body: { schema: updateMemorySettingsSchema, example: { enabled: true } },
    success: success('The settings'),
    concurrency: true,
    handle: (ctx, { body, ifMatch }) => updateSettings(ctx, body, ifMatch),
    respond: (settings) => ok(presentSettings(settings), settings.version),
  }),
];
