import { defineErrors } from '../../kernel/core/index.ts';

export const fileLinkErrors = defineErrors('file_links', {
  notFound: { status: 404, title: 'The link was not found' },
  tooMany: { status: 409, title: 'The file has too many links' },
  notClean: { status: 409, title: 'Only a file that was scanned and is clean is shared by a link' },
  expiryInPast: { status: 400, title: 'The expiry of the link is in the past' },
});
