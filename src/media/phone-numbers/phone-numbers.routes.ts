import { clusterErrors } from '../../calls/clusters/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import {
  createPhoneNumber,
  deletePhoneNumber,
  getPhoneNumber,
  listPhoneNumbers,
  updatePhoneNumber,
} from './manage-phone-numbers.ts';
import { phoneNumberErrors } from './phone-numbers.errors.ts';
import { presentPhoneNumber } from './phone-numbers.present.ts';
import { MAX_PHONE_NUMBERS } from './phone-numbers.queries.ts';
import {
  createPhoneNumberExample,
  createPhoneNumberSchema,
  phoneNumberExample,
  phoneNumberPageSchema,
  phoneNumberParamsSchema,
  phoneNumberViewSchema,
  updatePhoneNumberSchema,
} from './phone-numbers.schemas.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    'phone-numbers': 'read' | 'write';
  }
}

const tag = 'Phone numbers';
const listPath = '/api/v1/phone-numbers';
const path = `${listPath}/{phoneNumberId}`;
const readAccess = { kind: 'permission', permission: 'phone-numbers:read' } as const;
const writeAccess = { kind: 'permission', permission: 'phone-numbers:write' } as const;
const success = (description: string) => ({
  description,
  schema: phoneNumberViewSchema,
  example: phoneNumberExample,
});

export const phoneNumberRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createPhoneNumber',
    tag,
    summary: 'Add a phone number',
    description:
      'Adds a number that you have at a provider. People call it and enter the PIN of a room to join its call; dial-in ' +
      `has to be enabled for the room (\`enableDialIn\`). An organization has at most ${MAX_PHONE_NUMBERS} numbers. Your ` +
      'provider sends calls to the SIP address of the media cluster, which you get from the operator of this product. The ' +
      'password is stored encrypted and never returned; the media cluster has it, too, to check it.',
    access: writeAccess,
    limit: 'api',
    body: { schema: createPhoneNumberSchema, example: createPhoneNumberExample },
    idempotent: true,
    success: { 201: success('The phone number') },
    errors: [
      phoneNumberErrors.tooMany,
      phoneNumberErrors.taken,
      entitlementErrors.featureNotIncluded,
      clusterErrors.notConfigured,
    ],
    handle: (ctx, { body }) => createPhoneNumber(ctx, body),
    respond: (row) => created(presentPhoneNumber(row), `${listPath}/${row.id}`, row.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listPhoneNumbers',
    tag,
    summary: 'List phone numbers',
    description: "Lists the organization's phone numbers, the oldest first, without their passwords.",
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of phone numbers',
        schema: phoneNumberPageSchema,
        example: { data: [phoneNumberExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listPhoneNumbers(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentPhoneNumber), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getPhoneNumber',
    tag,
    summary: 'Get a phone number',
    description: 'Returns a phone number of the organization, without its password.',
    access: readAccess,
    limit: 'api',
    params: phoneNumberParamsSchema,
    success: { 200: success('The phone number') },
    errors: [phoneNumberErrors.notFound],
    handle: (ctx, { params }) => getPhoneNumber(ctx, params.phoneNumberId),
    respond: (row) => ok(presentPhoneNumber(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updatePhoneNumber',
    tag,
    summary: 'Update a phone number',
    description:
      'Changes a phone number; fields that are left out keep their value, and the number itself cannot change. The media server follows ' +
      'within seconds. Switching it off ends the calls that came in by it.',
    access: writeAccess,
    limit: 'api',
    params: phoneNumberParamsSchema,
    body: { schema: updatePhoneNumberSchema, example: { allowedNetworks: ['192.0.2.0/24'] } },
    concurrency: true,
    success: { 200: success('The updated phone number') },
    errors: [phoneNumberErrors.notFound, phoneNumberErrors.noUsername, phoneNumberErrors.unprotected],
    handle: (ctx, { params, body, ifMatch }) => updatePhoneNumber(ctx, params.phoneNumberId, body, ifMatch),
    respond: (row) => ok(presentPhoneNumber(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deletePhoneNumber',
    tag,
    summary: 'Delete a phone number',
    description:
      'Removes a phone number from the organization, with its password. The calls that came in by it end within seconds.',
    access: writeAccess,
    limit: 'api',
    params: phoneNumberParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The phone number is deleted' } },
    errors: [phoneNumberErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deletePhoneNumber(ctx, params.phoneNumberId, ifMatch),
    respond: noContent,
  }),
];
