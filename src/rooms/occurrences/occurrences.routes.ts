import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../access/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { changeOccurrence } from './change-occurrence.ts';
import { occurrenceErrors } from './occurrences.errors.ts';
import { presentOccurrence } from './occurrences.present.ts';
import {
  changeOccurrenceSchema,
  listOccurrencesSchema,
  occurrenceExample,
  occurrencePageSchema,
  occurrenceParamsSchema,
  occurrenceSchema,
} from './occurrences.schemas.ts';
import { type FoundOccurrence, getOccurrence, listOccurrences } from './read-occurrences.ts';

const tag = 'Rooms';
const listPath = '/api/v1/rooms/{roomId}/occurrences';
const path = `${listPath}/{originalStartsAt}`;
const readAccess = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const manageAccess = { kind: 'permission', permission: 'rooms:write' } as const;
const changeErrors = [
  roomErrors.notFound,
  accessErrors.notManager,
  occurrenceErrors.notFound,
  occurrenceErrors.notRecurring,
  occurrenceErrors.tooManyChanges,
] as const;
const presentWithVersion = (found: FoundOccurrence) => ({
  view: presentOccurrence(found),
  version: found.room.version,
});

export const occurrenceRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listOccurrences',
    tag,
    summary: 'List occurrences',
    description:
      "Lists the dates of the room's schedule in the order of their starts, including cancelled and moved ones. " +
      'It begins with the current one unless `from` is given. It is empty without a schedule. The list of a rule ' +
      'without an end has no last page.',
    access: readAccess,
    limit: 'api',
    params: roomParamsSchema,
    query: listOccurrencesSchema,
    success: {
      200: {
        description: 'A page of occurrences',
        schema: occurrencePageSchema,
        example: { data: [occurrenceExample], nextCursor: null },
      },
    },
    errors: [roomErrors.notFound],
    handle: async (ctx, { params, query }) => {
      const { data, nextCursor } = await listOccurrences(ctx, params.roomId, query);
      return { data: data.map(presentOccurrence), nextCursor };
    },
    respond: (page) => ok(page),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getOccurrence',
    tag,
    summary: 'Get an occurrence',
    description: "Returns one date of the room's schedule, by the start that the schedule gives it.",
    access: readAccess,
    limit: 'api',
    params: occurrenceParamsSchema,
    success: { 200: { description: 'The occurrence', schema: occurrenceSchema, example: occurrenceExample } },
    errors: [roomErrors.notFound, occurrenceErrors.notFound],
    handle: async (ctx, { params }) => presentWithVersion(await getOccurrence(ctx, params)),
    respond: ({ view, version }) => ok(view, version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateOccurrence',
    tag,
    summary: 'Update an occurrence',
    description:
      'Moves, changes or cancels one date of a recurring schedule, or takes that back with `"status": "scheduled"` and ' +
      'nulls; the other dates stay. At most 100 dates can differ at once. They keep their changes while only the ' +
      "length or the end (COUNT, UNTIL) of the schedule changes; another start, time zone or rule drops all of them. The ETag is the room's. " +
      'Hosts of the room and administrators can do this.',
    access: manageAccess,
    limit: 'api',
    params: occurrenceParamsSchema,
    body: { schema: changeOccurrenceSchema, example: { startsAt: '2026-01-13T13:00:00Z' } },
    concurrency: true,
    success: {
      200: { description: 'The changed occurrence', schema: occurrenceSchema, example: occurrenceExample },
    },
    errors: changeErrors,
    handle: async (ctx, { params, body, ifMatch }) =>
      presentWithVersion(await changeOccurrence(ctx, params, body, ifMatch)),
    respond: ({ view, version }) => ok(view, version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'cancelOccurrence',
    tag,
    summary: 'Cancel an occurrence',
    description:
      'Cancels one date of a recurring schedule; an update to `"status": "scheduled"` takes that back. Repeating it ' +
      'changes nothing. Hosts of the room and administrators can do this.',
    access: manageAccess,
    limit: 'api',
    params: occurrenceParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The occurrence is cancelled' } },
    errors: changeErrors,
    handle: (ctx, { params, ifMatch }) => changeOccurrence(ctx, params, { status: 'cancelled' }, ifMatch),
    respond: noContent,
  }),
];
