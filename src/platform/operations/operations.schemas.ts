import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { OPERATION_STATUSES } from './operations.tables.ts';

export const operationParamsSchema = z.strictObject({ operationId: idSchema('operation') });

/** What the effect of an operation carries to its job. */
export const operationPayloadSchema = z.object({ operationId: idSchema('operation') });

export const operationSchema = z
  .object({
    id: idSchema('operation'),
    kind: z.string(),
    status: z.enum(OPERATION_STATUSES),
    /** 0 to 100. */
    progress: z.number().int(),
    cancelRequested: z.boolean(),
    resultUrl: z.string().optional(),
    error: z.object({ code: z.string(), detail: z.string().optional() }).optional(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable(),
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
