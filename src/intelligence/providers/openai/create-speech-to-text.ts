import type { SpeechToTextProvider } from '../index.ts';
import { type ApiOptions, callApi, readAnswer } from './call-api.ts';
import { transcriptOf, transcriptSchema } from './transcripts.rules.ts';

/** `/v1/audio/transcriptions`. */
export const createSpeechToText = (options: ApiOptions): SpeechToTextProvider => ({
  async transcribe({ model, audio, language }, signal) {
    const body = new FormData();
    body.append('model', model);
    body.append('response_format', 'verbose_json');
    body.append('timestamp_granularities[]', 'word');
    body.append('timestamp_granularities[]', 'segment');
    if (language !== null) body.append('language', language.split('-')[0]!);
    // Providers rely on the extension.
    body.append('file', audio, `sound.${audio.type.split('/')[1] ?? 'flac'}`);
    const response = await callApi(options, '/v1/audio/transcriptions', { body, signal });
    return transcriptOf(await readAnswer(options.provider, response, transcriptSchema));
  },
});
