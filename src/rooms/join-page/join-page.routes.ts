import { z } from '@hono/zod-openapi';
import { defineRoute, type Reply, type Route } from '../../platform/http/index.ts';
import { openJoinPage } from './open-join-page.ts';

/** As it stands in mails and chats, with whatever a sentence has put behind it. */
const code = z
  .string()
  .max(100)
  .regex(/^[\w\-.,;:!?()'"]+$/, 'must be the code of a link')
  .openapi({ example: '7m3k9q2xw4hd' });

const page = { mediaTypes: ['text/html'] };

export const joinPageRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/join/{code}',
    operationId: 'getJoinPage',
    tag: 'Links',
    summary: 'The page at which guests join by a link',
    access: { kind: 'public', reason: 'the code of the link is the credential' },
    limit: 'health',
    params: z.strictObject({ code }),
    success: {
      200: { description: 'The page', ...page },
      403: { description: 'The link lets nobody in: a page that says why', ...page },
      404: { description: 'There is no such link: a page that says so', ...page },
      409: { description: 'The meeting has ended: a page that says so', ...page },
    },
    handle: (ctx, { params }) => openJoinPage(ctx, params.code),
    respond: ({ status, markup, headers }): Reply => ({
      status,
      raw: { content: markup, type: 'text/html; charset=utf-8' },
      headers,
    }),
  }),
];
