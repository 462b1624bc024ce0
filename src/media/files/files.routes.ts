import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { deleteFile, restoreFile, updateFile } from './change-file.ts';
import { fileErrors } from './files.errors.ts';
import { presentFile } from './files.present.ts';
import { RESTORE_DAYS } from './files.rules.ts';
import {
  deleteFileQuerySchema,
  fileExample,
  filePageSchema,
  fileParamsSchema,
  fileSchema,
  listFilesSchema,
  updateFileSchema,
} from './files.schemas.ts';
import { getFile, listFiles } from './read-files.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    files: 'read' | 'write' | 'manage';
  }
}

const tag = 'Files';
const path = '/api/v1/files';
const filePath = `${path}/{fileId}`;

const readers =
  'A file is visible to its owner, to the people with whom it is shared, and to administrators; to all others it does not ' +
  'exist. An API key sees the files that it uploaded and those that the organization or everybody may read; with the ' +
  'scope `files:manage`, all files.';

const managers =
  'The owner of the file, administrators, the API key that uploaded it, and keys with the scope `files:manage` can do ' +
  'this.';

export const fileRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'listFiles',
    tag,
    summary: 'List files',
    description: `Lists files, the newest first. ${readers} Guests get the files that are shared with them in their room.`,
    access: { kind: 'permission', permission: 'files:read', guests: true },
    limit: 'api',
    query: listFilesSchema,
    success: {
      200: {
        description: 'A page of files',
        schema: filePageSchema,
        example: { data: [fileExample], nextCursor: null },
      },
    },
    errors: [roomErrors.notFound, accessErrors.removed, accessErrors.denied],
    handle: (ctx, { query }) => listFiles(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentFile), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: filePath,
    operationId: 'getFile',
    tag,
    summary: 'Get a file',
    description: `Returns the metadata of a file, without its bytes. ${readers}`,
    access: { kind: 'permission', permission: 'files:read', guests: true },
    limit: 'api',
    params: fileParamsSchema,
    success: { 200: { description: 'The file', schema: fileSchema, example: fileExample } },
    errors: [fileErrors.notFound, roomErrors.notFound, accessErrors.removed, accessErrors.denied],
    handle: (ctx, { params }) => getFile(ctx, params.fileId),
    respond: (file) => ok(presentFile(file), file.version),
  }),
  defineRoute({
    method: 'patch',
    path: filePath,
    operationId: 'updateFile',
    tag,
    summary: 'Update a file',
    description: `Changes the name, the access or the expiry of a file. ${managers}`,
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'api',
    params: fileParamsSchema,
    body: { schema: updateFileSchema, example: { name: 'agenda-final.pdf' } },
    concurrency: true,
    success: { 200: { description: 'The file', schema: fileSchema, example: fileExample } },
    errors: [
      fileErrors.notFound,
      fileErrors.expiryInPast,
      fileErrors.roomRequired,
      roomErrors.notFound,
      accessErrors.removed,
    ],
    handle: (ctx, { params, body, ifMatch }) => updateFile(ctx, params.fileId, body, ifMatch),
    respond: (file) => ok(presentFile(file), file.version),
  }),
  defineRoute({
    method: 'delete',
    path: filePath,
    operationId: 'deleteFile',
    tag,
    summary: 'Delete a file',
    description:
      `Deletes a file. It can be restored for ${RESTORE_DAYS} days, in which it still counts in the storage of the ` +
      `organization. With \`permanently=true\` it is gone at once. ${managers}`,
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'api',
    params: fileParamsSchema,
    query: deleteFileQuerySchema,
    concurrency: true,
    success: { 204: { description: 'The file is deleted' } },
    errors: [fileErrors.notFound],
    handle: (ctx, { params, query, ifMatch }) =>
      deleteFile(ctx, params.fileId, query.permanently === 'true', ifMatch),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${filePath}/restore`,
    operationId: 'restoreFile',
    tag,
    summary: 'Restore a file',
    description: `Restores a file that was deleted less than ${RESTORE_DAYS} days ago. ${managers}`,
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'api',
    params: fileParamsSchema,
    success: { 200: { description: 'The file', schema: fileSchema, example: fileExample } },
    errors: [fileErrors.notFound],
    handle: (ctx, { params }) => restoreFile(ctx, params.fileId),
    respond: (file) => ok(presentFile(file), file.version),
  }),
];
