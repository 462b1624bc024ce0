import type { z } from '@hono/zod-openapi';
import { type AppError, cutText, describeIssue, utf8 } from '../../kernel/core/index.ts';
import { socketErrors } from './sockets.errors.ts';

const MAX_FRAME_ID_LENGTH = 64;
const MAX_DETAIL_LENGTH = 200;

/** Whether the text takes more bytes than allowed, as UTF-8. */
export const isFrameTooLarge = (text: string, maxBytes: number): boolean =>
  text.length > maxBytes ||
  // A UTF-16 unit takes at most three bytes of UTF-8: most texts need not be encoded to know.
  (text.length * 3 > maxBytes && utf8(text).length > maxBytes);

/** A frame, or why the text is none and the `id` to answer with, as far as one can be read. */
export type FrameReading<T> = { frame: T } | { frame: null; id: string | null; error: AppError };

/** The `id` that the client gave the frame; null when there is none that could be sent back. */
export function frameIdIn(value: object): string | null {
  const { id } = value as { id?: unknown };
  return typeof id === 'string' && id.length <= MAX_FRAME_ID_LENGTH ? id : null;
}

/**
 * Reads a frame out of its text.
 * @param types every type that the schema knows
 */
export function readFrame<T>(
  text: string,
  schema: z.ZodType<T>,
  types: ReadonlySet<string>,
): FrameReading<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { frame: null, id: null, error: socketErrors.malformedFrame({ detail: 'must be JSON', cause }) };
  }
  const object = typeof value === 'object' && value !== null ? value : {};
  const id = frameIdIn(object);
  if (!types.has((object as { type?: string }).type ?? ''))
    return { frame: null, id, error: socketErrors.malformedFrame({ detail: 'must have a known type' }) };
  const parsed = schema.safeParse(value, { error: describeIssue });
  if (parsed.success) return { frame: parsed.data };
  const { path, message } = parsed.error.issues[0]!;
  const detail = cutText(`${path.map(String).join('.')} ${message}`.trim(), MAX_DETAIL_LENGTH);
  return { frame: null, id, error: socketErrors.invalidFrame({ detail }) };
}
