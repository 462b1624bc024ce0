import { authErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { setPresenceSchema } from '../inbox/index.ts';
import { presenceErrors } from './presence.errors.ts';
import { type StoredPresence, effectiveStatus } from './presence.rules.ts';
import {
  ownPresenceExample,
  ownPresenceSchema,
  type OwnPresenceView,
  presenceQuerySchema,
  presencesExample,
  presenceSettingsExample,
  presenceSettingsSchema,
  type PresenceSettingsView,
  presencesSchema,
  updatePresenceSettingsSchema,
} from './presence.schemas.ts';
import { type OwnPresence, getOwnPresence, listPresence, getPresenceSettings } from './read-presence.ts';
import { setPresence, updatePresenceSettings } from './set-presence.ts';

const tag = 'Presence';
const path = '/api/v1/me/presence';
const settingsPath = `${path}/settings`;
const ownAccess = {
  kind: 'user',
  reason: "a user's own presence, whatever their role in the organization",
} as const;

function presentOwnPresence({
  storedPresence: { status, message, expiresAt },
  livePresence,
}: OwnPresence): OwnPresenceView {
  return {
    status,
    message,
    expiresAt: expiresAt?.toISOString() ?? null,
    shownStatus: effectiveStatus(status, livePresence),
  };
}

const presentSettings = ({
  visibility,
  screenUnknown,
  favouritesRing,
}: StoredPresence): PresenceSettingsView => ({
  visibility,
  screenUnknownCallers: screenUnknown,
  favouritesRingThrough: favouritesRing,
});

const success = (description: string) => ({
  200: { description, schema: ownPresenceSchema, example: ownPresenceExample },
});
const settingsSuccess = (description: string) => ({
  200: { description, schema: presenceSettingsSchema, example: presenceSettingsExample },
});

export const presenceRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/presence',
    operationId: 'listPresence',
    tag,
    summary: 'List presence',
    description:
      'Returns the presence of up to 50 users, in no particular order. A user is `offline` when they chose so, have no ' +
      'connected device, or do not let the caller see their presence. Users who are not active members of the ' +
      'organization are left out. To receive changes, send `presence.subscribe` on the inbox socket.',
    access: { kind: 'permission', permission: 'contacts:read' },
    limit: 'api',
    query: presenceQuerySchema,
    success: {
      200: {
        description: 'The presence of the users',
        schema: presencesSchema,
        example: presencesExample,
      },
    },
    handle: (ctx, { query }) => listPresence(ctx, query.userIds),
    respond: (data) => ok({ data }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getOwnPresence',
    tag,
    summary: 'Get own presence',
    description:
      "Returns the current user's presence: the status they chose, and the status that others see.",
    access: ownAccess,
    limit: 'api',
    success: success('The presence of the current user'),
    errors: [authErrors.noOrganization],
    handle: getOwnPresence,
    respond: (found) => ok(presentOwnPresence(found)),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'putOwnPresence',
    tag,
    summary: 'Set own presence',
    description:
      "Sets the current user's status and message until `expiresAt`, and notifies everybody who follows them. `online` " +
      'is automatic: busy during a call, offline without a connected device. `dnd` (do not disturb) silences rings, by ' +
      'default not those of favourites. `offline` hides the user, whose devices still ring.',
    access: ownAccess,
    limit: 'api',
    body: { schema: setPresenceSchema, example: { status: 'dnd', message: 'In a workshop' } },
    success: success('The updated presence'),
    errors: [authErrors.noOrganization, presenceErrors.expiryInPast],
    handle: (ctx, { body }) => setPresence(ctx, body),
    respond: (set) => ok(presentOwnPresence(set)),
  }),
  defineRoute({
    method: 'get',
    path: settingsPath,
    operationId: 'getPresenceSettings',
    tag,
    summary: 'Get presence settings',
    description: "Returns which users may see the current user's presence and whose rings make a sound.",
    access: ownAccess,
    limit: 'api',
    success: settingsSuccess('The presence settings'),
    errors: [authErrors.noOrganization],
    handle: getPresenceSettings,
    respond: (storedPresence) => ok(presentSettings(storedPresence), storedPresence.version),
  }),
  defineRoute({
    method: 'patch',
    path: settingsPath,
    operationId: 'updatePresenceSettings',
    tag,
    summary: 'Update presence settings',
    description:
      "Changes which users may see the current user's presence and whose rings make a sound; settings that are left out keep " +
      'their value. What watchers see changes at once.',
    access: ownAccess,
    limit: 'api',
    body: { schema: updatePresenceSettingsSchema, example: { visibility: 'contacts' } },
    concurrency: true,
    success: settingsSuccess('The updated settings'),
    errors: [authErrors.noOrganization],
    handle: (ctx, { body, ifMatch }) => updatePresenceSettings(ctx, body, ifMatch),
    respond: (storedPresence) => ok(presentSettings(storedPresence), storedPresence.version),
  }),
];
