import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { createPrices } from './create-prices.ts';
import { deletePrice, getPrice, listPrices } from './manage-prices.ts';
import { priceErrors } from './prices.errors.ts';
import { presentPrice } from './prices.rules.ts';
import {
  createdPricesSchema,
  createPricesExample,
  createPricesSchema,
  listPricesSchema,
  priceExample,
  pricePageSchema,
  priceParamsSchema,
  priceSchema,
} from './prices.schemas.ts';
import { requestErrors } from '../../kernel/core/index.ts';

const tag = 'Operator';
const path = '/api/v1/operator/prices';
const access = { kind: 'operator' } as const;
const limit = 'api';

export const priceRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path,
    operationId: 'createPrices',
    tag,
    summary: 'Create prices',
    description:
      'Stores prices that providers charge, all of them or none. Among the prices that apply at the time of a usage, ' +
      'the one counts that names most of its provider, region and model. Without a price the cost is unknown. ' +
      'A price ends when the next one of the same meter, provider, region and model starts. A price that equals ' +
      'the one in force at its start is not stored. Costs that were calculated before stay as they are until ' +
      'their usage is priced again. For the platform operator.',
    access,
    limit,
    body: { schema: createPricesSchema, example: createPricesExample },
    bodyLimitBytes: 512 * 1024,
    success: {
      200: {
        description: 'The prices that were stored',
        schema: createdPricesSchema,
        example: { created: [priceExample], unchangedCount: 0 },
      },
    },
    errors: [requestErrors.stale],
    handle: (ctx, { body }) => createPrices(ctx, body),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'listPrices',
    tag,
    summary: 'List prices',
    description: 'Returns prices, the last stored first. For the platform operator.',
    access,
    limit,
    query: listPricesSchema,
    success: {
      200: {
        description: 'A page of prices',
        schema: pricePageSchema,
        example: { data: [priceExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listPrices(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentPrice), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/{priceId}`,
    operationId: 'getPrice',
    tag,
    summary: 'Get a price',
    description: 'Returns a price. For the platform operator.',
    access,
    limit,
    params: priceParamsSchema,
    success: { 200: { description: 'The price', schema: priceSchema, example: priceExample } },
    errors: [priceErrors.notFound],
    handle: (ctx, { params }) => getPrice(ctx, params.priceId),
    respond: (price) => ok(presentPrice(price)),
  }),
  defineRoute({
    method: 'delete',
    path: `${path}/{priceId}`,
    operationId: 'deletePrice',
    tag,
    summary: 'Delete a price',
    description:
      'Deletes a price that was stored by mistake. A price with which costs were calculated cannot be deleted; ' +
      'store another one with the same start, which replaces it. For the platform operator.',
    access,
    limit,
    params: priceParamsSchema,
    success: { 204: { description: 'The price is deleted' } },
    errors: [priceErrors.notFound, priceErrors.inUse],
    handle: (ctx, { params }) => deletePrice(ctx, params.priceId),
    respond: noContent,
  }),
];
