import { type MadeImage, MediaRefused, type SourceMedia } from '../src/media/compression/index.ts';
import { type Connection, type ObjectRequest, requestObject, withLength } from './compression-client.ts';
import type { WrittenImage } from './compression/generated/auralink/aic/v1/objects_pb.js';

/** Milliseconds for one picture or video, from its first byte to its last image: less than a subscriber has. */
const TIME_LIMIT_MS = 25_000;
/** Milliseconds for deleting, which also follows an exchange whose time is over. */
const END_LIMIT_MS = 3_000;
/** An image of a preview has a fraction of it. */
const MAX_IMAGE_BYTES = 8 * 1024 * 1024;

/** One exchange with the service: a content, the work on it, and the images that come back. */
export class Exchange {
  readonly #connection: Connection;
  readonly #signal = AbortSignal.timeout(TIME_LIMIT_MS);
  /** Its name at the service. */
  readonly task = crypto.randomUUID();
  readonly #names: string[] = [];
  #isReceived = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** For the calls of the exchange: they end with its time. */
  get options() {
    return { signal: this.#signal };
  }

  /** Whether its time is over although the service has the content: the work took it, or what waits before it. */
  get isTooLong(): boolean {
    return this.#isReceived && this.#signal.aborted;
  }

  /** A name in the service's folder of objects, as a location. */
  place(name: string) {
    const path = `${this.task}.${name}`;
    this.#names.push(path);
    return { place: { case: 'path' as const, value: path } };
  }

  #request(method: string, name: string, init: ObjectRequest = {}): Promise<Response> {
    return requestObject(this.#connection, name, { method, signal: this.#signal, ...init });
  }

  /** @throws MediaRefused when the content is larger than the service takes */
  async send(source: SourceMedia) {
    const location = this.place('source');
    const response = await this.#request('PUT', location.place.value, {
      body: withLength(source.body, source.sizeBytes),
      duplex: 'half',
    });
    await response.body?.cancel();
    if (response.status === 413) throw new MediaRefused('the content is too large for the service');
    if (!response.ok) throw new Error(`the compression service answered ${response.status} to a content`);
    this.#isReceived = true;
    return location;
  }

  async fetchImage(name: string, { width, height, contentType }: WrittenImage): Promise<MadeImage> {
    const response = await this.#request('GET', `${this.task}.${name}`);
    if (!response.ok) throw new Error(`the compression service answered ${response.status} for an image`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length === 0 || bytes.length > MAX_IMAGE_BYTES)
      throw new Error(`the compression service made an image of ${bytes.length} bytes`);
    return { bytes, contentType, width, height };
  }

  /** Deletes the files of the exchange at the service, which otherwise deletes them after a while. */
  async end(): Promise<void> {
    const signal = AbortSignal.timeout(END_LIMIT_MS);
    await Promise.allSettled(this.#names.map((name) => this.#request('DELETE', name, { signal })));
  }
}
