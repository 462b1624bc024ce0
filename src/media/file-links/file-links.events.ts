import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

const payload = z.object({
  fileLinkId: idSchema('fileLink').describe('Id of the link.'),
  fileId: idSchema('file').describe('Id of the file.'),
});
const example = { fileLinkId: exampleId('fileLink'), fileId: exampleId('file') };
const defineFileLinkEvent = (type: string, description: string) =>
  defineEvent({ type, description, payload, example, key: ({ fileLinkId }) => fileLinkId });

export const fileLinkCreated = defineFileLinkEvent('file_link.created', 'A link to a file was created.');
export const fileLinkRevoked = defineFileLinkEvent('file_link.revoked', 'A link to a file was revoked.');

export const fileLinkEvents = [fileLinkCreated, fileLinkRevoked];
