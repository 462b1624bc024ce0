import { z } from '@hono/zod-openapi';

const enabled = z.boolean().describe('Whether memories of the current user alone are stored and recalled.');

export const memorySettingsSchema = z
  .object({
    enabled,
    updatedAt: z.iso
      .datetime()
      .nullable()
      .describe('When the user last decided; null while they have not, and the memory is off.'),
  })
  .openapi('MemorySettings');

export const updateMemorySettingsSchema = z
  .strictObject({
    enabled,
    deleteMemories: z
      .boolean()
      .default(false)
      .describe(
        'With `enabled: false`: whether stored memories are deleted, with all that was derived from ' +
          'them.',
      ),
  })
  .refine(({ enabled: on, deleteMemories }) => !(on && deleteMemories), {
    path: ['deleteMemories'],
    message: 'must be false while the memory is switched on',
  });
export type UpdateMemorySettings = z.output<typeof updateMemorySettingsSchema>;
