import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

const payload = z.object({
  linkId: idSchema('link').describe('Id of the link.'),
  roomId: roomIdSchema.describe('Id of the room.'),
});
const example = { linkId: exampleId('link'), roomId: exampleId('room') };

const defineLinkEvent = (type: string, description: string) =>
  defineEvent({ type, description, payload, example, key: ({ linkId }) => linkId });

export const linkCreated = defineLinkEvent('link.created', 'A link to a room was created.');
export const linkUpdated = defineLinkEvent('link.updated', 'A link to a room changed.');
export const linkDeleted = defineLinkEvent('link.deleted', 'A link to a room was deleted.');
export const linkUsed = defineEvent({
  type: 'link.used',
  description: 'A person joined through a link, or entered the lobby through it, for the first time.',
  payload: payload.extend({ identity: z.string().describe('Identity of the participant.') }),
  example: { ...example, identity: exampleId('guest') },
  key: ({ linkId }) => linkId,
});

export const linkEvents = [linkCreated, linkUpdated, linkDeleted, linkUsed];
