import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { deleteGlossary, listGlossaries, setGlossary } from './manage-glossaries.ts';
import { translationErrors } from './translations.errors.ts';
import {
  glossaryExample,
  glossaryListSchema,
  glossaryParamsSchema,
  glossarySchema,
  setGlossaryExample,
  setGlossarySchema,
} from './translations.schemas.ts';
import type { GlossaryRow } from './translations.tables.ts';

const tag = 'Translation';
const listPath = '/api/v1/ai/glossaries';
const path = `${listPath}/{from}/{to}`;
const writeAccess = { kind: 'permission', permission: 'ai-settings:write' } as const;

const presentGlossary = ({ fromLanguage, toLanguage, terms, updatedAt }: GlossaryRow) => ({
  from: fromLanguage,
  to: toLanguage,
  terms: [...terms],
  updatedAt: updatedAt.toISOString(),
});

export const glossaryRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listGlossaries',
    tag,
    summary: 'List glossaries',
    description: 'Lists the glossaries of the organization, at most one for each pair of languages.',
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    success: {
      200: {
        description: 'The glossaries',
        schema: glossaryListSchema,
        example: { data: [glossaryExample] },
      },
    },
    handle: listGlossaries,
    respond: (rows) => ok({ data: rows.map(presentGlossary) }),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'setGlossary',
    tag,
    summary: 'Set a glossary',
    description:
      'Sets the terms that translations between two languages use, in place of the earlier ones. They ' +
      'count from the next translation on.',
    access: writeAccess,
    limit: 'api',
    bodyLimitBytes: 512 * 1024,
    params: glossaryParamsSchema,
    body: { schema: setGlossarySchema, example: setGlossaryExample },
    success: { 200: { description: 'The glossary', schema: glossarySchema, example: glossaryExample } },
    handle: (ctx, { params, body }) => setGlossary(ctx, params, body),
    respond: (row) => ok(presentGlossary(row)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteGlossary',
    tag,
    summary: 'Delete a glossary',
    description: 'Deletes the terms for two languages. Translations between them no longer use fixed terms.',
    access: writeAccess,
    limit: 'api',
    params: glossaryParamsSchema,
    success: { 204: { description: 'It is deleted' } },
    errors: [translationErrors.glossaryNotFound],
    handle: (ctx, { params }) => deleteGlossary(ctx, params),
    respond: noContent,
  }),
];
