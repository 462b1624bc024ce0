import { defineErrors } from '../../kernel/core/index.ts';

export const playbackErrors = defineErrors('playback', {
  notFound: { status: 404, title: 'The playback address does not work' },
});
