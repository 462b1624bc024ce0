import { z } from '@hono/zod-openapi';
import { defineRoute, type Reply, type Route } from '../../platform/http/index.ts';
import { openJoinPage } from './open-join-page.ts';

/** As it is copied from mails and chats, possibly with punctuation of the sentence behind it. */
const code = z
  .string()
  .max(100)
  .regex(/^[\w\-.,;:!?()'"]+$/, 'must be the code of a link')
  .openapi({ description: 'Code of the link; punctuation after it is ignored.', example: '7m3k9q2xw4hd' });

const page = { mediaTypes: ['text/html'] };

export const joinPageRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/join/{code}',
    operationId: 'getJoinPage',
    tag: 'Links',
    summary: 'Get the join page',
    description:
      'Returns the page where a guest joins a room through a link, or a page that says why the link cannot be used. ' +
      'Opening the page does not count as a use of the link.',
    access: { kind: 'public', reason: 'the code of the link is the credential' },
    limit: 'documents',
    params: z.strictObject({ code }),
    success: {
      200: { description: 'The page', ...page },
      403: { description: 'A page that says why nobody can join through the link', ...page },
      404: { description: 'A page that says that the link does not exist', ...page },
      409: { description: 'A page that says that the meeting has ended', ...page },
    },
    handle: (ctx, { params }) => openJoinPage(ctx, params.code),
    respond: ({ status, markup, headers }): Reply => ({
      status,
      raw: { content: markup, type: 'text/html; charset=utf-8' },
      headers,
    }),
  }),
];
