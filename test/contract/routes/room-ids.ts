import { z } from '@hono/zod-openapi';
import { exampleId, ID_PREFIXES, type IdKind } from '../../../src/kernel/core/index.ts';
import type { Route } from '../../../src/platform/http/index.ts';
import { getSchemaFields } from './world.ts';

/** What belongs to a room, and has an id. The id of a new kind is listed here or in `NOT_IN_ROOMS`. */
export const IN_ROOMS = [
  'room',
  'call',
  'participant',
  'poll',
  'breakout',
  'link',
  'lobbyEntry',
  'message',
  'ring',
  'file',
  'recording',
  'sendSession',
  'ingress',
  'stream',
  'streamTarget',
  'memory',
  'phoneCall',
  'callAgent',
  'workflowRun',
  'callQuestion',
  'agentAssignment',
  'moderationReview',
] as const satisfies readonly IdKind[];
export type RoomIdKind = (typeof IN_ROOMS)[number];

/** Ids that the API takes and that are not of a room, each for its reason. */
export const NOT_IN_ROOMS: Partial<Record<IdKind, string>> = {
  apiKey: 'belongs to the organization',
  auditLog: 'administrators only read the audit log, and see all rooms',
  bucket: 'belongs to the organization',
  mcpConnection: 'belongs to the organization',
  recognition: 'belongs to the user or API key that began it',
  thoughtChain: 'belongs to the user or API key that began it',
  compressionAlert: 'belongs to the organization; administrators only read it, and see all rooms',
  compression: 'belongs to its file, and shows to those who manage that',
  contact: 'belongs to its user',
  entitlementGrant: 'operators only grant to organizations',
  agent: 'belongs to the organization',
  team: 'belongs to the organization',
  teamRun: 'belongs to the actor that started it, and is hidden from all others',
  agentMessage: 'belongs to its conversation',
  agentConversation: 'belongs to the actor that talks, and is hidden from all others',
  aiBatch: 'belongs to the actor that asked',
  generation: 'belongs to the actor that asked',
  fileLink: 'belongs to its file, and shows to those who manage that',
  invitation: 'belongs to the organization',
  invoice: 'belongs to the organization',
  meetingWorkflow: 'belongs to the organization',
  member: 'belongs to the organization',
  operation: 'belongs to the actor that started it',
  organization: 'holds the rooms',
  outbox: 'operators only read events',
  phoneNumber: 'belongs to the organization',
  phoneTrunk: 'belongs to the organization',
  priceVersion: 'operators only name prices, which belong to no organization',
  costInsight: 'belongs to the organization; administrators only read it, and see all rooms',
  report: 'belongs to the organization; administrators only read it, and see all rooms',
  session: 'belongs to its user',
  summary: 'belongs to its transcription, and shows to those who may read that',
  transcription: 'belongs to its file or recording, and shows to those who may read that',
  user: 'a person of the organization, whom all its members see',
};

/** Where a route takes the id of something in a room. */
export interface RoomIdField {
  place: 'path' | 'query' | 'body';
  name: string;
  kind: RoomIdKind;
}

/** The kinds of id that a schema takes, wherever in it. */
function idKindsIn(schema: unknown): IdKind[] {
  if (!(schema instanceof z.ZodType)) return [];
  const fields = getSchemaFields(schema);
  if (fields) return Object.values(fields).flatMap(idKindsIn);
  const { element, innerType, options } = schema.def as {
    element?: unknown;
    innerType?: unknown;
    options?: unknown[];
  };
  if (element ?? innerType) return idKindsIn(element ?? innerType);
  if (options) return options.flatMap(idKindsIn);
  const kinds = (Object.keys(ID_PREFIXES) as IdKind[]).filter(
    (kind) => schema.safeParse(exampleId(kind)).success,
  );
  // What takes ids of every kind takes any text.
  return kinds.length === 1 ? kinds : [];
}

/** Every kind of id that a route takes, with the field of the top level that holds it. */
export function listIdFields(route: Route): { place: RoomIdField['place']; name: string; kind: IdKind }[] {
  const places = { path: route.params, query: route.query, body: route.body?.schema } as const;
  return (Object.keys(places) as RoomIdField['place'][]).flatMap((place) =>
    Object.entries(getSchemaFields(places[place]) ?? {}).flatMap(([name, schema]) =>
      [...new Set(idKindsIn(schema))].map((kind) => ({ place, name, kind })),
    ),
  );
}

const isInRooms = (kind: IdKind): kind is RoomIdKind => (IN_ROOMS as readonly IdKind[]).includes(kind);

/** The fields of a route that take the id of something in a room. @throws Error for a kind of id that is not classified */
export function listRoomIdFields(route: Route): RoomIdField[] {
  return listIdFields(route).flatMap(({ place, name, kind }) => {
    if (isInRooms(kind)) return [{ place, name, kind }];
    if (kind in NOT_IN_ROOMS) return [];
    throw new Error(
      `${route.operationId} takes the id of a ${kind} (${place}/${name}): add the kind to IN_ROOMS and to ` +
        'test/contract/routes/private-rooms.ts, or with a reason to NOT_IN_ROOMS',
    );
  });
}
