import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { OPERATION_STATUSES } from './operations.tables.ts';

const operationIdSchema = idSchema('operation').openapi({ description: 'Id of the operation.' });
export const operationParamsSchema = z.strictObject({ operationId: operationIdSchema });

/** The payload of an operation's event. */
export const operationPayloadSchema = z.object({ operationId: idSchema('operation') });

export const operationSchema = z
  .object({
    id: operationIdSchema,
    kind: z.string().openapi({ description: 'Kind of the work, for example `audit.export`.' }),
    status: z.enum(OPERATION_STATUSES).openapi({ description: 'Where the operation is in its life.' }),
    progress: z.number().int().openapi({ description: 'Progress in percent, 0 to 100.' }),
    cancelRequested: z.boolean().openapi({ description: 'Whether its cancellation was requested.' }),
    resultUrl: z
      .string()
      .optional()
      .openapi({ description: 'Path of the result; present when the operation has one.' }),
    error: z
      .object({
        code: z.string().openapi({ description: 'Error code, as in the error catalogue.' }),
        detail: z.string().optional().openapi({ description: 'What went wrong.' }),
      })
      .optional()
      .openapi({ description: 'Why the operation failed; present when it did.' }),
    createdAt: z.iso.datetime().openapi({ description: 'When the operation was requested.' }),
    finishedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the operation ended; null until then.' }),
    expiresAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the result is deleted; null until the operation ends.' }),
  })
  .openapi('Operation');
export type OperationView = z.output<typeof operationSchema>;

export const operationPageSchema = pageSchema(operationSchema).openapi('OperationPage');

export const operationExample: OperationView = {
  id: 'op_01jd3v7q8gf4kr2x6a0w9mznpe',
  kind: 'audit.export',
  status: 'succeeded',
  progress: 100,
  cancelRequested: false,
  resultUrl: '/api/v1/operations/op_01jd3v7q8gf4kr2x6a0w9mznpe/result',
  createdAt: '2026-01-05T09:30:00.000Z',
  finishedAt: '2026-01-05T09:30:12.000Z',
  expiresAt: '2026-01-06T09:30:12.000Z',
};
