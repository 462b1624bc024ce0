import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { INGRESS_KINDS, INGRESS_REASONS, INGRESS_STATES } from './ingresses.enums.ts';

const ingressId = idSchema('ingress');
export const ingressParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('The room.'),
  ingressId: ingressId.describe('The ingress.'),
});

const name = lineSchema(100).describe('Name that its participant has in calls, 1 to 100 characters.');
const enabled = z.boolean().describe('Whether media may come in.');
const kind = z
  .enum(INGRESS_KINDS)
  .describe('`rtmp`, `whip`: a program sends media. `url`: the media server reads them from an address.');

export const createIngressSchema = z
  .strictObject({
    kind,
    name,
    enabled: enabled.default(true),
    sourceUrl: z
      .string()
      .max(2_048)
      .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters')
      .optional()
      .describe(
        'For `url`: a media file or an HLS playlist, `https` on port 443, 8443, 9000 or 9443 of a public host, up to 2,048 characters. ' +
          'It is stored encrypted, and answered without its query.',
      ),
  })
  .refine(({ kind: by, sourceUrl }) => (by === 'url') === (sourceUrl !== undefined), {
    path: ['sourceUrl'],
    message: 'is needed for a URL, and must be left out otherwise',
  });
export type CreateIngress = z.output<typeof createIngressSchema>;

export const updateIngressSchema = z
  .strictObject({ name, enabled })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateIngress = z.output<typeof updateIngressSchema>;

const moment = z.iso.datetime().nullable();
export const ingressSchema = z
  .object({
    id: ingressId.describe('Id of the ingress, and the identity of its participant in calls.'),
    roomId: roomIdSchema.describe('Room whose calls it comes into.'),
    kind,
    name,
    enabled,
    sourceUrl: z
      .string()
      .nullable()
      .describe('The URL that is read, without the query; null when a program sends media.'),
    callId: idSchema('call')
      .nullable()
      .describe(
        'Call that its media may come into; for `url`, the last one that it was read into. Null without one.',
      ),
    state: z
      .enum(INGRESS_STATES)
      .describe(
        '`requested`: the media server is about to have it. `idle`: no media come in; without a reason, it waits for its ' +
          'sender. `connecting`: a sender or the URL has connected. `active`: its media are in the call. `ended`: the URL ' +
          'was read to its end. `failed`: `reason` says why; a sender may try again.',
      ),
    reason: z
      .enum(INGRESS_REASONS)
      .nullable()
      .describe(
        'Why it is in this state; null when the state explains itself. Why no media may come in: `no_call`: there is no active ' +
          'call. `other_cluster`: the call is held on a media cluster that does not have this ingress; the next call is ' +
          'held where it is. `disabled`: it is switched off. `removed`: a moderator removed its participant, and can ' +
          'readmit it. `minutes_used_up`, `over_budget`: the minutes of the plan, or the spending limit, admit nobody else ' +
          'to calls. `too_many`: 10 ingresses of the organization are in calls. `not_included`: the plan no longer includes ' +
          'ingresses; when it does again, the ingress gets another key. `room_deleted`, `organization_deleted`. Why it ' +
          'failed: `address_refused`: the URL no longer leads to a public address. `refused`: the media server did not ' +
          'accept it. `no_worker`: the media server had no worker free to read it. `source_failed`: the media could not be ' +
          'read. `lost`: the media server no longer has it.',
      ),
    startedAt: moment.describe(
      'When the present session began, or without one the last; null before the first.',
    ),
    endedAt: moment.describe('When the last session ended; null before, and while one lasts.'),
    createdBy: z.string().describe('Identity of the person who created it.'),
    createdAt: z.iso.datetime().describe('When it was created.'),
    updatedAt: z.iso.datetime().describe('When it last changed.'),
  })
  .openapi('Ingress');
export type IngressView = z.output<typeof ingressSchema>;
export const ingressPageSchema = pageSchema(ingressSchema).openapi('IngressPage');

export const createIngressExample = { kind: 'rtmp', name: 'Stage camera' } as const;
export const ingressExample: IngressView = {
  id: exampleId('ingress'),
  roomId: exampleId('room'),
  kind: 'rtmp',
  name: 'Stage camera',
  enabled: true,
  sourceUrl: null,
  callId: exampleId('call'),
  state: 'active',
  reason: null,
  startedAt: '2026-01-05T09:30:04.000Z',
  endedAt: null,
  createdBy: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:04.000Z',
};
