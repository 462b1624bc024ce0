import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

/**
 * Internal: the contents of a person's memory are theirs alone. Events of one organization are handled one after the
 * other, so that no text is embedded twice.
 */
export const memoryTextChanged = defineEvent({
  type: 'memory.text_changed',
  description: 'Memories were stored or corrected, or need new vectors.',
  payload: z.object({
    organizationId: idSchema('organization').describe('Id of the organization.'),
    space: z
      .string()
      .optional()
      .describe('The memories that are concerned; absent when it is all of the organization.'),
  }),
  example: { organizationId: exampleId('organization') },
  key: ({ organizationId }) => organizationId,
  internal: true,
});

export const memoryEvents = [memoryTextChanged];
