import { randomBytes } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { isWithin, pageOf } from '../http/lists.ts';
import { bool, created, list, listShape, mergeMetadata, metadata, text } from '../http/params.ts';
import { route } from '../http/router.ts';
import { thinEvent } from './thin-events.ts';

type Endpoint = Rows['webhook_endpoint'];

interface NewEndpoint {
  url: string;
  enabled_events: string[];
  api_version?: string;
  description?: string;
  metadata?: Record<string, string> | null;
  secret?: string;
  payload?: 'snapshot' | 'thin';
}

/** Events are delivered on this machine only. */
function requireLoopback(url: string): void {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (!['localhost', '127.0.0.1', '[::1]'].includes(host))
    throw StripeFailure.invalid(
      'This stand-in delivers to addresses of this machine only.',
      'url',
      'url_invalid',
    );
}

/** Registers an address for events; its secret is in this answer alone. */
export function createEndpoint(account: Account, params: NewEndpoint): Endpoint {
  requireLoopback(params.url);
  const secret = params.secret ?? `whsec_${randomBytes(24).toString('hex')}`;
  const id = account.store.newId('we');
  account.store.put({
    id: `secret_of_${id}`,
    object: 'stand_in.endpoint_secret',
    secret,
    payload: params.payload ?? 'snapshot',
  });
  const endpoint = account.store.put<Endpoint>({
    id,
    object: 'webhook_endpoint',
    api_version: params.api_version ?? null,
    application: null,
    created: account.now(),
    description: params.description ?? null,
    enabled_events: params.enabled_events,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    status: 'enabled',
    url: params.url,
  });
  return { ...endpoint, secret };
}

export const secretOf = (account: Account, endpoint: string) =>
  account.store.get('stand_in.endpoint_secret', `secret_of_${endpoint}`);

const endpointShape = {
  url: text,
  enabled_events: list(text).min(1),
  api_version: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
};

const endpointRoutes = [
  route('POST /v1/webhook_endpoints', endpointShape, ({ account, params }) =>
    createEndpoint(account, params),
  ),
  route('GET /v1/webhook_endpoints', listShape, ({ account, params, path }) =>
    pageOf(account.store.all('webhook_endpoint').toReversed(), path, params),
  ),
  route('GET /v1/webhook_endpoints/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('webhook_endpoint', id),
  ),
  route(
    'POST /v1/webhook_endpoints/:id',
    { url: text.optional(), enabled_events: list(text).optional(), disabled: bool.optional() },
    ({ account, params: { disabled, ...params }, ids: [id = ''] }) => {
      if (params.url !== undefined) requireLoopback(params.url);
      const status = disabled === undefined ? {} : { status: disabled ? 'disabled' : 'enabled' };
      return account.update('webhook_endpoint', id, { ...params, ...status }, null);
    },
  ),
  route('DELETE /v1/webhook_endpoints/:id', {}, ({ account, ids: [id = ''] }) => {
    account.store.get('webhook_endpoint', id);
    account.store.remove(id);
    return { id, object: 'webhook_endpoint', deleted: true };
  }),
  route(
    'POST /v2/core/event_destinations',
    {
      name: text,
      type: z.literal('webhook_endpoint'),
      event_payload: z.enum(['snapshot', 'thin']),
      enabled_events: list(text).min(1),
      webhook_endpoint: z.strictObject({ url: text }),
      include: list(text).optional(),
    },
    ({ account, params }) => {
      const { url } = params.webhook_endpoint;
      const endpoint = createEndpoint(account, {
        url,
        enabled_events: params.enabled_events,
        payload: params.event_payload,
      });
      const { include, ...given } = params;
      const signing_secret = include?.includes('webhook_endpoint.signing_secret')
        ? endpoint.secret
        : undefined;
      return {
        ...given,
        id: endpoint.id,
        object: 'v2.core.event_destination',
        created: new Date(endpoint.created * 1000).toISOString(),
        livemode: false,
        status: 'enabled',
        webhook_endpoint: { url, signing_secret },
      };
    },
  ),
];

const eventRoutes = [
  route(
    'GET /v1/events',
    { ...listShape, ...created, type: text.optional(), types: list(text).optional() },
    ({ account, params, path }) => {
      const rows = account.store
        .all('event')
        .filter(
          (each) => each.type === (params.type ?? each.type) && (params.types?.includes(each.type) ?? true),
        )
        .filter((each) => isWithin(each.created, params.created));
      return pageOf(rows.toReversed(), path, params);
    },
  ),
  route('GET /v1/events/:id', {}, ({ account, ids: [id = ''] }) => account.store.get('event', id)),
  route('GET /v2/core/events/:id', {}, ({ account, ids: [id = ''] }) =>
    thinEvent(account.store.get('event', id)),
  ),
];

export const webhookRoutes = [...endpointRoutes, ...eventRoutes];
