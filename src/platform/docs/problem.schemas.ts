import { z } from '@hono/zod-openapi';

/** The body of every error. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ description: 'Path of a page that explains the error code.' }),
    title: z
      .string()
      .openapi({ description: 'What the problem is; the same text for every error with this code.' }),
    status: z.number().int().openapi({ description: 'The HTTP status of the response.' }),
    detail: z.string().optional().openapi({ description: 'What went wrong in this request.' }),
    instance: z.string().openapi({ description: 'The path of the request.' }),
    code: z.string().openapi({ description: 'Stable, dotted error code; programs should decide by it.' }),
    requestId: z
      .string()
      .openapi({ description: 'Id of the request, as in the `X-Request-Id` header; give it to support.' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().openapi({
            description: 'JSON pointer into the body, or `#/query/…`, `#/path/…` or `#/header/…`.',
          }),
          message: z.string().openapi({ description: 'What is wrong with the field.' }),
        }),
      )
      .optional()
      .openapi({ description: 'The invalid fields, when the request did not pass validation.' }),
    limit: z
      .object({
        name: z.string().openapi({ description: 'Name of the limit or feature.' }),
        plan: z.string().openapi({ description: 'The plan of the organization.' }),
        value: z
          .int()
          .nullable()
          .openapi({
            description:
              'The maximum; null for a feature. For the limit `spending` it is in micro-units of the currency, and ' +
              'null for guests, as are `used` and `left`.',
          }),
        used: z.int().nullable().openapi({
          description: 'The number before this request; null for a feature or the size of one thing.',
        }),
        left: z
          .int()
          .nullable()
          .openapi({ description: 'The number that was left; null where nothing is counted.' }),
        plans: z.string().openapi({ description: 'Path of the plans, some of which allow more.' }),
        remedy: z.enum(['larger_plan', 'more_seats', 'end_trial', 'raise_limit', 'contact_support']).openapi({
          description:
            'The remedy. `larger_plan`: another plan. `more_seats`: additional seats of the subscription, or ' +
            'another plan. `end_trial`: nothing is charged in a trial, so only the included amounts can be used ' +
            'until it ends. `raise_limit`: a higher spending limit. `contact_support`: the operator set the limit ' +
            'for this organization and can change it.',
        }),
        moreSeats: z.int().nullable().openapi({
          description: 'How many more seats of the subscription would help; null where seats are no remedy.',
        }),
        seatsNeeded: z.int().nullable().openapi({
          description:
            'How many seats the subscription needs in all, as `PATCH /api/v1/billing/subscription` takes them; null where seats are no remedy.',
        }),
        upgradeUrl: z.string().nullable().openapi({
          description:
            'Page of the web app to change plan, payment method or limit; null for callers without `billing:write`, and for `contact_support`.',
        }),
        hint: z.string().openapi({ description: 'The recommended action, or the person to ask.' }),
      })
      .optional()
      .openapi({
        description: 'The limit or feature of the plan that the request exceeds; only for such errors.',
      }),
  })
  .openapi('Problem', {
    description:
      'The body of every error, as defined by RFC 9457. `type` links to a page that explains the `code`.',
    example: {
      type: '/errors/request.invalid',
      title: 'The request is not valid',
      status: 400,
      instance: '/api/v1/organizations',
      code: 'request.invalid',
      requestId: 'req_01jd3v7q8gf4kr2x6a0w9mznpe',
      errors: [{ pointer: '/name', message: 'is not a known field' }],
    },
  });
