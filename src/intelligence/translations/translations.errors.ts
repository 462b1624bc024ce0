import { defineErrors } from '../../kernel/core/index.ts';

export const translationErrors = defineErrors('translations', {
  pairNotSupported: { status: 422, title: 'No engine translates between these languages' },
  languageUnclear: { status: 422, title: 'The language of the text could not be detected' },
  formalityNotSupported: { status: 422, title: 'No engine for these languages supports formality' },
  modelRefused: { status: 422, title: 'The model declined to translate' },
  answerNotWhole: { status: 502, title: 'The model did not translate all texts' },
  glossaryNotFound: { status: 404, title: 'There is no glossary for these languages' },
});
