import { z } from '@hono/zod-openapi';
import { queryIntegerSchema } from '../../kernel/core/index.ts';

export const verifyQuerySchema = z.strictObject({
  fromSeq: queryIntegerSchema(1, Number.MAX_SAFE_INTEGER)
    .default(1)
    .openapi({ description: 'Number of the first entry to check.', example: 1 }),
});

export const verifyReportSchema = z
  .object({
    valid: z.boolean().openapi({ description: 'Whether no problem was found.' }),
    complete: z
      .boolean()
      .openapi({ description: 'Whether the end of the chain was reached; if not, continue at `toSeq` + 1.' }),
    fromSeq: z.number().int().openapi({ description: 'Number of the first checked entry.' }),
    toSeq: z.number().int().openapi({ description: 'Number of the last checked entry.' }),
    sealedCount: z.number().int().openapi({ description: 'Entries in the chain.' }),
    unsealedCount: z.number().int().openapi({ description: 'Entries that are not yet in the chain.' }),
    headHash: z.string().openapi({ description: 'Hash of the last entry of the chain.' }),
    checkpoint: z
      .object({
        seq: z.number().int().openapi({ description: 'Number of the last entry it covers.' }),
        headHash: z.string().openapi({ description: 'Hash of that entry.' }),
        keyId: z.string().openapi({ description: 'Id of the signing key in `/.well-known/jwks.json`.' }),
        statement: z.string().openapi({ description: 'The signed statement, a compact JWS.' }),
        createdAt: z.iso.datetime().openapi({ description: 'When it was signed.' }),
      })
      .nullable()
      .openapi({ description: 'The newest checkpoint; null when nothing was sealed yet.' }),
    problems: z
      .array(
        z.object({
          code: z.string().openapi({ description: 'Kind of the problem.' }),
          seq: z.number().int().nullable().openapi({ description: 'Number of the entry it concerns.' }),
          entryId: z.string().nullable().openapi({ description: 'Id of the entry it concerns.' }),
          message: z.string().openapi({ description: 'What is wrong.' }),
        }),
      )
      .openapi({ description: 'What is wrong with the chain, at most 100 problems.' }),
  })
  .openapi('AuditVerification');
export type AuditVerificationView = z.output<typeof verifyReportSchema>;
