import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { outgoingErrors } from '../../platform/outgoing/index.ts';
import {
  createPhoneTrunk,
  deletePhoneTrunk,
  getPhoneTrunk,
  listPhoneTrunks,
  updatePhoneTrunk,
} from './manage-phone-trunks.ts';
import { phoneTrunkErrors } from './phone-trunks.errors.ts';
import { presentPhoneTrunk } from './phone-trunks.present.ts';
import { MAX_TRUNKS } from './phone-trunks.queries.ts';
import {
  createPhoneTrunkExample,
  createPhoneTrunkSchema,
  phoneTrunkExample,
  phoneTrunkPageSchema,
  phoneTrunkParamsSchema,
  phoneTrunkSchema,
  updatePhoneTrunkSchema,
} from './phone-trunks.schemas.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    'phone-trunks': 'read' | 'write';
  }
}

const tag = 'Phone trunks';
const listPath = '/api/v1/phone-trunks';
const path = `${listPath}/{phoneTrunkId}`;
const readAccess = { kind: 'permission', permission: 'phone-trunks:read' } as const;
const writeAccess = { kind: 'permission', permission: 'phone-trunks:write' } as const;
const success = (description: string) => ({
  description,
  schema: phoneTrunkSchema,
  example: phoneTrunkExample,
});

export const phoneTrunkRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createPhoneTrunk',
    tag,
    summary: 'Create a phone trunk',
    description:
      'Adds the SIP trunk of a provider of yours, through which hosts and moderators call telephones from their rooms; an organization has ' +
      `at most ${MAX_TRUNKS}. Without \`allowedPrefixes\` no number can be called. The password is stored encrypted and never returned.`,
    access: writeAccess,
    limit: 'api',
    body: { schema: createPhoneTrunkSchema, example: createPhoneTrunkExample },
    idempotent: true,
    success: { 201: success('The trunk') },
    errors: [
      phoneTrunkErrors.tooMany,
      entitlementErrors.featureNotIncluded,
      outgoingErrors.addressRefused,
      outgoingErrors.unresolved,
      outgoingErrors.resolverUnavailable,
    ],
    handle: (ctx, { body }) => createPhoneTrunk(ctx, body),
    respond: (row) => created(presentPhoneTrunk(row), `${listPath}/${row.id}`, row.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listPhoneTrunks',
    tag,
    summary: 'List phone trunks',
    description: "Lists the organization's trunks, the oldest first, without their passwords.",
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of trunks',
        schema: phoneTrunkPageSchema,
        example: { data: [phoneTrunkExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listPhoneTrunks(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentPhoneTrunk), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getPhoneTrunk',
    tag,
    summary: 'Get a phone trunk',
    description: 'Returns a trunk of the organization, without its password.',
    access: readAccess,
    limit: 'api',
    params: phoneTrunkParamsSchema,
    success: { 200: success('The trunk') },
    errors: [phoneTrunkErrors.notFound],
    handle: (ctx, { params }) => getPhoneTrunk(ctx, params.phoneTrunkId),
    respond: (row) => ok(presentPhoneTrunk(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updatePhoneTrunk',
    tag,
    summary: 'Update a phone trunk',
    description:
      'Changes a trunk; fields that are left out keep their value. The address cannot change, so that the password is ' +
      'never sent elsewhere: for another provider, create another trunk. Switching it off ends the telephone calls ' +
      'through it within seconds.',
    access: writeAccess,
    limit: 'api',
    params: phoneTrunkParamsSchema,
    body: { schema: updatePhoneTrunkSchema, example: { allowedPrefixes: ['+49', '+43'] } },
    concurrency: true,
    success: { 200: success('The updated trunk') },
    errors: [phoneTrunkErrors.notFound, phoneTrunkErrors.noUsername],
    handle: (ctx, { params, body, ifMatch }) => updatePhoneTrunk(ctx, params.phoneTrunkId, body, ifMatch),
    respond: (row) => ok(presentPhoneTrunk(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deletePhoneTrunk',
    tag,
    summary: 'Delete a phone trunk',
    description:
      'Removes a trunk from the organization, with its password. The telephone calls through it end within seconds.',
    access: writeAccess,
    limit: 'api',
    params: phoneTrunkParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The trunk is deleted' } },
    errors: [phoneTrunkErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deletePhoneTrunk(ctx, params.phoneTrunkId, ifMatch),
    respond: noContent,
  }),
];
