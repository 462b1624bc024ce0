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
  reason: "a person's own presence, whatever their role in the organization",
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
    summary: 'See how people of the organization stand',
    description:
      'Who has no device connected, who hides and who does not let the caller see are all offline. People who are ' +
      'no active members are left out. To follow changes, `presence.subscribe` on the inbox socket.',
    access: { kind: 'permission', permission: 'contacts:read' },
    limit: 'api',
    query: presenceQuerySchema,
    success: {
      200: {
        description: 'Their presence, in no order',
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
    summary: 'See how the caller stands',
    access: ownAccess,
    limit: 'api',
    success: success('What the caller chose, and what it looks like'),
    errors: [authErrors.noOrganization],
    handle: getOwnPresence,
    respond: (found) => ok(presentOwnPresence(found)),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'putOwnPresence',
    tag,
    summary: 'Say how the caller stands',
    description:
      '`online` leaves it to what is known: busy in a call, offline without a device. `dnd` keeps rings quiet, but for ' +
      'those of favourites. `offline` hides the caller, who rings all the same.',
    access: ownAccess,
    limit: 'api',
    body: { schema: setPresenceSchema, example: { status: 'dnd', message: 'In a workshop' } },
    success: success('As it is now'),
    errors: [authErrors.noOrganization, presenceErrors.expiryInPast],
    handle: (ctx, { body }) => setPresence(ctx, body),
    respond: (set) => ok(presentOwnPresence(set)),
  }),
  defineRoute({
    method: 'get',
    path: settingsPath,
    operationId: 'getPresenceSettings',
    tag,
    summary: 'Read who sees the caller and who rings them',
    access: ownAccess,
    limit: 'api',
    success: settingsSuccess('The settings'),
    errors: [authErrors.noOrganization],
    handle: getPresenceSettings,
    respond: (storedPresence) => ok(presentSettings(storedPresence), storedPresence.version),
  }),
  defineRoute({
    method: 'patch',
    path: settingsPath,
    operationId: 'updatePresenceSettings',
    tag,
    summary: 'Change who sees the caller and who rings them',
    access: ownAccess,
    limit: 'api',
    body: { schema: updatePresenceSettingsSchema, example: { visibility: 'contacts' } },
    concurrency: true,
    success: settingsSuccess('The settings as they are now'),
    errors: [authErrors.noOrganization],
    handle: (ctx, { body, ifMatch }) => updatePresenceSettings(ctx, body, ifMatch),
    respond: (storedPresence) => ok(presentSettings(storedPresence), storedPresence.version),
  }),
];
