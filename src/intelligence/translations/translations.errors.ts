import { defineErrors } from '../../kernel/core/index.ts';

export const translationErrors = defineErrors('translations', {
  pairNotSupported: { status: 422, title: 'No engine translates between these languages' },
  languageUnclear: { status: 422, title: 'The language of the text could not be found out' },
  formalityNotSupported: { status: 422, title: 'The engine of these languages knows no formality' },
  glossaryNotFound: { status: 404, title: 'There is no glossary for these languages' },
});
