import { z } from '@hono/zod-openapi';
import type { AppError } from '../../kernel/core/index.ts';

export const errorFrameFields = {
  id: z.string().nullable().describe('The id of the refused frame; null if it had none.'),
  code: z
    .string()
    .describe('Stable and dotted, for programs: `realtime.too_fast`. The same codes as in the API.'),
  title: z.string().describe('What is wrong, the same for every occurrence of the code.'),
  detail: z.string().optional().describe('What is wrong this time, for people. Its text may change.'),
  retryAfterSeconds: z.number().optional().describe('When trying again makes sense, in seconds from now.'),
};

export interface ErrorFrame {
  type: 'error';
  id: string | null;
  code: string;
  title: string;
  detail?: string;
  retryAfterSeconds?: number;
}

/** A refusal as the frame that reports it. @param id of the refused frame */
export function toErrorFrame(id: string | null, { definition, details }: AppError): ErrorFrame {
  const { code, title } = definition;
  const retryAfterSeconds = details.retryAfterSeconds ?? definition.retryAfterSeconds;
  const detail =
    details.detail ?? details.errors?.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
  return {
    type: 'error',
    id,
    code,
    title,
    ...(detail ? { detail } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}
