import { z } from '@hono/zod-openapi';
import { ProviderFailure, type TextToSpeechProvider } from '../index.ts';
import { type ApiOptions, callApi, readAnswer } from './call-api.ts';

/** A text of some minutes, uncompressed. */
const AUDIO_BYTES = 64 * 1024 * 1024;

const voicesSchema = z.object({
  data: z
    .array(z.object({ id: z.string().max(100), name: z.string().max(100), language: z.string().max(20) }))
    .max(1_000),
});

/** `/v1/audio/speech`; `hasVoices` means that the provider lists its voices, which OpenAI does not. */
export const createTextToSpeech = (
  options: ApiOptions,
  { hasVoices = false } = {},
): TextToSpeechProvider => ({
  async speak({ model, voice, text, speed, format }, signal) {
    const response = await callApi(options, '/v1/audio/speech', {
      body: JSON.stringify({ model, voice, input: text, speed, response_format: format }),
      headers: { 'Content-Type': 'application/json' },
      bytes: AUDIO_BYTES,
      signal,
    });
    const mediaType = response.headers.get('content-type') ?? '';
    if (!mediaType.startsWith('audio/') || !response.body)
      throw new ProviderFailure(options.provider, 'malformed');
    return { mediaType, audio: response.body };
  },
  ...(hasVoices && {
    listVoices: async (signal: AbortSignal) => {
      const response = await callApi(options, '/v1/audio/voices', { method: 'GET', signal });
      return (await readAnswer(options.provider, response, voicesSchema)).data;
    },
  }),
});
