import { defineErrors } from '../../kernel/core/index.ts';

export const voiceErrors = defineErrors('voices', {
  notFound: { status: 404, title: 'The voice was not found' },
  noneForLanguage: { status: 422, title: 'No voice of the speech service speaks this language' },
  noKey: { status: 422, title: 'There is no key for the provider of the voice' },
  keyRefused: { status: 422, title: 'The provider refused the key of the organization' },
  noCredit: { status: 402, title: 'The account at the provider has no credit left' },
});
