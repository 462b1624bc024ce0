import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { agentIdSchema } from '../agents/index.ts';

const roomId = roomIdSchema.describe('Id of the room.');
const id = idSchema('agentAssignment').describe('Id of the assignment.');
const linkId = idSchema('link').describe(
  'With a link of the room, it joins once a guest has come through that link; null for each call.',
);

export const roomOfAssignmentsSchema = z.strictObject({ roomId });
export const assignmentParamsSchema = z.strictObject({ roomId, assignmentId: id });
export const createAssignmentSchema = z.strictObject({
  agentId: agentIdSchema,
  linkId: linkId.nullable().default(null),
});
export type CreateAssignment = z.output<typeof createAssignmentSchema>;

const attemptSchema = z
  .object({
    callId: idSchema('call').nullable().describe('The call; null once the call is deleted.'),
    attemptedAt: z.iso.datetime().describe('When it tried to join.'),
    refusal: z
      .string()
      .nullable()
      .describe(
        'The `code` of the error that kept it out, the same as for an invitation by its person; null ' +
          'when it joined.',
      ),
  })
  .openapi('AgentAssignmentAttempt');

export const assignmentSchema = z
  .object({
    id,
    roomId,
    agentId: agentIdSchema,
    linkId: linkId.nullable(),
    assignedBy: idSchema('user').describe(
      'The person who assigned it, with whose authority and budget it joins and answers.',
    ),
    lastAttempt: z.union([attemptSchema, z.null()]).openapi({
      description: 'The outcome for the last call that it tried to join; null before the first.',
    }),
    createdAt: z.iso.datetime().describe('When it was assigned.'),
  })
  .openapi('AgentAssignment');
export type AssignmentView = z.output<typeof assignmentSchema>;
export const assignmentListSchema = z
  .object({ data: z.array(assignmentSchema).describe('The assignments of the room.') })
  .openapi('AgentAssignmentList');

export const assignmentExample: AssignmentView = {
  id: exampleId('agentAssignment'),
  roomId: exampleId('room'),
  agentId: exampleId('agent'),
  linkId: null,
  assignedBy: exampleId('user'),
  lastAttempt: {
    callId: exampleId('call'),
    attemptedAt: '2026-01-12T09:30:00.000Z',
    refusal: 'moderation.not_moderator',
  },
  createdAt: '2026-01-05T09:30:00.000Z',
};
