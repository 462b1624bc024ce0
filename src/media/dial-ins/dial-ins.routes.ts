import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors, roomParamsSchema } from '../../rooms/rooms/index.ts';
import { dialInErrors } from './dial-ins.errors.ts';
import { presentDialIn } from './dial-ins.present.ts';
import { dialInExample, dialInSchema } from './dial-ins.schemas.ts';
import { disableDialIn, enableDialIn, getDialIn, rotateDialInPin } from './manage-dial-in.ts';

const tag = 'Phone numbers';
const path = '/api/v1/rooms/{roomId}/dial-in';
/** The caller's role in the room decides. No guests: somebody else pays for the telephone. */
const access = { kind: 'permission', permission: 'rooms:read' } as const;
const success = { description: 'The dial-in of the room', schema: dialInSchema, example: dialInExample };
const errorsOfRoom = [
  roomErrors.notFound,
  moderatorErrors.notModerator,
  accessErrors.removed,
  accessErrors.denied,
] as const;

export const dialInRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path,
    operationId: 'enableDialIn',
    tag,
    summary: 'Enable dial-in',
    description:
      'Lets people join the calls of a room by telephone: they call a phone number of the organization and enter the PIN, ' +
      'followed by `#`. This works while a call runs, unless the room is locked, has a lobby, waits for its host, or has ' +
      'recordings that need consent; `reason` says why not. Each caller takes a seat in the call. Repeating the request ' +
      'changes nothing; after dial-in was disabled, it gives another PIN. Hosts and moderators can do this, guests ' +
      "cannot.\n\nEverybody in the call sees the last digits of a caller's number. The media server also derives the " +
      "caller's identity from the number, so that others in the call can find out the whole number with little effort. " +
      'Allow dial-in only where callers may be known to the others.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 200: success },
    errors: [...errorsOfRoom, entitlementErrors.featureNotIncluded, requestErrors.stale],
    handle: (ctx, { params }) => enableDialIn(ctx, params),
    respond: (shown) => ok(presentDialIn(shown)),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getDialIn',
    tag,
    summary: 'Get the dial-in',
    description:
      'Returns the PIN of a room and the numbers that can be called. Hosts and moderators can do this, guests cannot.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 200: success },
    errors: [...errorsOfRoom, dialInErrors.notFound],
    handle: (ctx, { params }) => getDialIn(ctx, params),
    respond: (shown) => ok(presentDialIn(shown)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/rotate-pin`,
    operationId: 'rotateDialInPin',
    tag,
    summary: 'Rotate the dial-in PIN',
    description:
      'Replaces the PIN of a room. The former PIN works for a few more seconds; callers who are in the call stay. Hosts ' +
      'and moderators can do this, guests cannot.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 200: success },
    errors: [...errorsOfRoom, dialInErrors.notFound, requestErrors.stale],
    handle: (ctx, { params }) => rotateDialInPin(ctx, params),
    respond: (shown) => ok(presentDialIn(shown)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'disableDialIn',
    tag,
    summary: 'Disable dial-in',
    description:
      'Stops telephones from calling into a room; callers who are in a call stay there. The PIN is never used again. ' +
      'Repeating the request changes nothing. Hosts and moderators can do this, guests cannot.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 204: { description: 'Telephones can no longer call in' } },
    errors: [...errorsOfRoom, requestErrors.stale],
    handle: (ctx, { params }) => disableDialIn(ctx, params),
    respond: noContent,
  }),
];
