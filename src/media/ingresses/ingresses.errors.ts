import { defineErrors } from '../../kernel/core/index.ts';

export const ingressErrors = defineErrors('ingresses', {
  notFound: { status: 404, title: 'The ingress was not found' },
  audioOnly: { status: 409, title: 'A room for sound only cannot have ingresses' },
  tooMany: { status: 409, title: 'The organization has too many ingresses' },
  notHost: { status: 403, title: 'Only hosts can read or replace the key' },
  nothingToSend: { status: 409, title: 'An ingress that reads a URL has no address and no key' },
  notReady: { status: 409, title: 'The media server does not have the ingress yet' },
});
