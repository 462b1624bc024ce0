import { randomBytes } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { NotificationSetting } from '../account/stored.ts';
import { PaddleFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { pageShape, text } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';
import { toNotification } from './paddle-deliveries.ts';

interface NewSetting {
  description: string;
  destination: string;
  subscribed_events: string[];
  secret?: string;
}

/** Events are delivered on this machine only. */
function requireLoopback(url: string): void {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (!['localhost', '127.0.0.1', '[::1]'].includes(host))
    throw PaddleFailure.field('destination', 'must be an address of this machine');
}

export function createSetting(account: Account, params: NewSetting): NotificationSetting {
  requireLoopback(params.destination);
  return account.store.put<NotificationSetting>({
    id: account.newId('ntfset'),
    object: 'notification_setting',
    description: params.description,
    type: 'url',
    destination: params.destination,
    active: true,
    api_version: 1,
    include_sensitive_fields: false,
    traffic_source: 'all',
    subscribed_events: params.subscribed_events.map((name) => ({ name })),
    endpoint_secret_key: params.secret ?? `pdl_ntfset_${randomBytes(24).toString('hex')}`,
  });
}

const settingShape = {
  description: text,
  destination: text,
  type: z.literal('url'),
  subscribed_events: z.array(text).min(1),
};

export const webhookRoutes = [
  route('POST /notification-settings', settingShape, ({ account, params }) =>
    present(createSetting(account, params)),
  ),
  route('GET /notification-settings', pageShape, ({ account, params, url }) =>
    pageOf(account.store.all('notification_setting').toReversed(), url, params),
  ),
  route('PATCH /notification-settings/:id', { active: z.boolean() }, ({ account, params, ids: [id = ''] }) =>
    present(account.update('notification_setting', id, params, null)),
  ),
  route('DELETE /notification-settings/:id', {}, ({ account, ids: [id = ''] }) => {
    account.store.get('notification_setting', id);
    account.store.remove(id);
  }),
  // Oldest first, so that somebody who remembers the last one can read on from it.
  route('GET /events', pageShape, ({ account, params, url }) =>
    pageOf(account.store.all('event'), url, params, (event: never) => toNotification(event, null)),
  ),
];
