import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { createMeter } from './create-meter.ts';
import { meterErrors } from './meters.errors.ts';
import {
  createMeterSchema,
  meterExample,
  meterListSchema,
  meterSchema,
  ownMeterExample,
} from './meters.schemas.ts';
import { listMeters } from './read-meters.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    usage: 'read' | 'write';
  }
}

const path = '/api/v1/usage/meters';
const tag = 'Usage';

export const meterRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'listUsageMeters',
    tag,
    summary: 'List meters',
    description:
      'Returns the meters of the product, and those that the organization created. Needs ' +
      'the permission `usage:read`, which owners and administrators have.',
    access: { kind: 'permission', permission: 'usage:read' },
    limit: 'api',
    success: {
      200: {
        description: 'All meters',
        schema: meterListSchema,
        example: { data: [meterExample, ownMeterExample] },
      },
    },
    handle: (ctx) => listMeters(ctx),
    respond: (data) => ok({ data }),
  }),
  defineRoute({
    method: 'post',
    path,
    operationId: 'createUsageMeter',
    tag,
    summary: 'Create a meter',
    description:
      'Creates a meter for usage that the organization counts itself and sends to `POST /api/v1/usage/events`. ' +
      'Its quantities are summed. A meter cannot be deleted, because its usage is kept as long as the ' +
      'organization exists. Needs the permission `usage:write`, which owners and administrators have.',
    access: { kind: 'permission', permission: 'usage:write' },
    limit: 'api',
    body: {
      schema: createMeterSchema,
      example: {
        name: 'acme.documents',
        unit: 'count',
        description: 'Documents that were generated.',
        dimensions: ['template'],
      },
    },
    idempotent: true,
    success: { 201: { description: 'The meter', schema: meterSchema, example: ownMeterExample } },
    errors: [meterErrors.meterExists, meterErrors.tooManyMeters],
    handle: (ctx, { body }) => createMeter(ctx, body),
    respond: (meter) => created(meter, path),
  }),
];
