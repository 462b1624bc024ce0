import type { SpeechService } from './settings.ts';

const REFUSED = 400;

const request = (
  { url, headers }: SpeechService,
  text: string,
  voice: string | undefined,
  signal: AbortSignal,
): Promise<Response> =>
  fetch(`${url}/v1/audio/speech`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ input: text, response_format: 'wav', voice }),
    signal,
  });

/** Texts made into sound, with the voice of an agent. */
export class Synthesis {
  readonly #service: SpeechService;
  readonly #log: (line: string) => void;
  #voice: string | undefined;

  /** @param voice of the agent; null: that of the process */
  constructor(service: SpeechService, voice: string | null, log: (line: string) => void) {
    this.#service = service;
    this.#voice = voice ?? service.voice;
    this.#log = log;
  }

  /** The sound of a sentence, as it comes. @throws Error when it is refused */
  async speak(text: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const voice = this.#voice;
    const response = await request(this.#service, text, voice, signal);
    if (response.ok && response.body) return response.body;
    const answer = await response.text();
    const isVoiceGone = response.status === REFUSED && answer.includes('"voice_unknown"');
    if (!isVoiceGone || voice === this.#service.voice)
      throw new Error(`speaking was refused with ${response.status}: ${answer}`);
    // A sentence that was asked for at the same time has perhaps noticed it already.
    if (this.#voice === voice) this.#log(`the speech service has no voice ${voice}: speaking with its own`);
    this.#voice = this.#service.voice;
    return this.speak(text, signal);
  }
}
