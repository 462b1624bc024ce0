import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { encodeTone } from './tone.ts';

/** What providers of speech are known for: a sentence has ended after this silence, its words and the first sound of an answer come so much later. */
export const PROVIDER = { silenceMs: 250, wordsMs: 30, soundMs: 80 };
const RATE = 16_000;
const BLOCK_MS = 32;
/** Of 16-bit samples: softer than this is breath and noise of the recordings that are spoken. */
const LOUD = 800;
const SPEECH_BLOCKS = 3;

/** A stand-in of the speech service that has a provider's delays and no models: it knows speech by its loudness, and all sentences by one text. */
export class SpeechProvider {
  readonly #server = createServer((request, response) => void this.#speak(request, response));
  readonly #sockets = new WebSocketServer({ server: this.#server });

  async start(): Promise<this> {
    this.#sockets.on('connection', (socket) => listenOn(socket));
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #speak(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    await sleep(PROVIDER.soundMs);
    response.writeHead(200, { 'content-type': 'audio/wav' });
    response.end(encodeTone(RATE, 2));
  }
}

const isLoud = (samples: Int16Array) => samples.some((value) => Math.abs(value) > LOUD);

/** Says when somebody begins to speak, and gives a sentence when they have stopped. */
function listenOn(socket: WebSocket): void {
  const send = (message: object) => socket.send(JSON.stringify(message));
  let [loud, silent, isSpeaking] = [0, 0, false];
  const receive = (samples: Int16Array) => {
    [loud, silent] = isLoud(samples) ? [loud + 1, 0] : [0, silent + BLOCK_MS];
    if (loud === 1 && !isSpeaking) send({ type: 'sound' });
    if (loud === SPEECH_BLOCKS && !isSpeaking) {
      isSpeaking = true;
      send({ type: 'speech' });
    }
    if (!isSpeaking || silent < PROVIDER.silenceMs) return;
    isSpeaking = false;
    send({ type: 'pause' });
    setTimeout(
      () => send({ type: 'final', text: 'What is on the table?', start: 0, end: 2 }),
      PROVIDER.wordsMs,
    );
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) receive(new Int16Array(Uint8Array.from(data).buffer));
  });
}
