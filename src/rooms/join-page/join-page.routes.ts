import { z } from '@hono/zod-openapi';
import { defineRoute, type Reply, type Route } from '../../platform/http/index.ts';
import { openErrorPage } from './open-error-page.ts';
import { openJoinPage } from './open-join-page.ts';

/** As it is copied from mails and chats, with whatever they add. */
const code = z
  .string()
  .max(500)
  .openapi({
    description:
      'Code of the link. Another spelling is redirected to it: in upper case, with spaces, hyphens or invisible characters, ' +
      'with punctuation around it or a slash behind it.',
    example: '7m3k9q2xw4hd',
  });

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
      'Opening the page does not count as a use of the link. Every error under `/join` is answered with a page, too.',
    access: { kind: 'public', reason: 'the code of the link is the credential' },
    limit: 'documents',
    params: z.strictObject({ code }),
    success: {
      200: { description: 'The page', ...page },
      302: { description: 'The code has another spelling; `Location` is the address of the page' },
      403: { description: 'A page that says why nobody can join through the link', ...page },
      404: { description: 'A page that says that the link does not exist', ...page },
      409: { description: 'A page that says that the call is over', ...page },
    },
    handle: (ctx, { params }) => openJoinPage(ctx, params.code),
    respond: (served): Reply => served,
    errorPage: openErrorPage,
  }),
];
