import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

const payload = z.object({ fileId: idSchema('file').describe('Id of the file.') });
const example = { fileId: exampleId('file') };
const key = ({ fileId }: { fileId: string }) => fileId;
const defineFileEvent = (type: string, description: string) =>
  defineEvent({ type, description, payload, example, key });

export const fileUploaded = defineFileEvent('file.uploaded', 'All bytes of a file were stored.');
export const fileUpdated = defineFileEvent(
  'file.updated',
  'The name, the access or the expiry of a file changed.',
);
export const fileDeleted = defineFileEvent(
  'file.deleted',
  'A file was deleted; for a while it can be restored.',
);
export const fileRestored = defineFileEvent('file.restored', 'A deleted file was restored.');

export const fileScanned = defineFileEvent('file.scanned', 'The scan of a file ended.');

export const fileEvents = [fileUploaded, fileScanned, fileUpdated, fileDeleted, fileRestored];
