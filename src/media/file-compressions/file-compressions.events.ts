import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { COMPRESSION_REASONS, COMPRESSION_STATES } from './file-compressions.enums.ts';

const ids = {
  compressionId: idSchema('compression').describe('Id of the compression.'),
  fileId: idSchema('file').describe('Id of the file.'),
};
const exampleIds = { compressionId: exampleId('compression'), fileId: exampleId('file') };

export const compressionRequested = defineEvent({
  type: 'compression.requested',
  description: 'A compression of a file was requested, by a person or by the setting of the organization.',
  payload: z.object(ids),
  example: exampleIds,
  key: ({ compressionId }) => compressionId,
});

export const compressionFinished = defineEvent({
  type: 'compression.finished',
  description: 'A compression of a file ended: a smaller copy replaced its bytes, or they stayed.',
  payload: z.object({
    ...ids,
    state: z.enum(COMPRESSION_STATES).describe('How it ended: `ready`, `kept`, `failed` or `cancelled`.'),
    reason: z
      .enum(COMPRESSION_REASONS)
      .nullable()
      .describe('Why it ended like that; null when the state explains itself.'),
  }),
  example: { ...exampleIds, state: 'ready', reason: null },
  key: ({ compressionId }) => compressionId,
});

/** For files and recordings, the public one is about files. */
export const compressionEnded = defineEvent({
  type: 'compression.ended',
  description: 'A compression ended.',
  payload: z.object({ compressionId: ids.compressionId, state: z.enum(COMPRESSION_STATES).describe('How.') }),
  example: { compressionId: exampleIds.compressionId, state: 'ready' },
  key: ({ compressionId }) => compressionId,
  internal: true,
});

export const fileCompressionEvents = [compressionRequested, compressionFinished, compressionEnded];
