import { type Clock, createBreaker } from '../src/kernel/core/index.ts';
import {
  type CompressionService,
  type CompressionTasks,
  DOCUMENT_IMAGES,
  type ImageVariant,
  type DocumentPreview,
  type ImageVariants,
  MediaRefused,
  type PageImage,
  ServiceExhausted,
  type SourceMedia,
  type VideoPreview,
} from '../src/media/compression/index.ts';
import { type Connection, createClients, type ObjectClient, toMediaError } from './compression-client.ts';
import { Exchange } from './compression-exchange.ts';
import { connectTasks } from './compression-tasks.ts';

const POSTER_PIXELS = 1_280;
const STRIP_FRAMES = 8;
/** `ImageFormat` of the contract. */
const FORMATS = { avif: 0, webp: 1 } as const;

async function makeImageVariants(
  running: Exchange,
  client: ObjectClient,
  source: SourceMedia,
  variants: readonly ImageVariant[],
): Promise<ImageVariants> {
  const input = await running.send(source);
  const wanted = variants.map(({ format, maxPixels }, index) => ({
    format: FORMATS[format],
    maxWidth: maxPixels,
    maxHeight: maxPixels,
    output: running.place(String(index)),
  }));
  const made = await client.imageVariants(
    { input, variants: wanted, blurhash: true, owner: source.organizationId },
    running.options,
  );
  if (made.variants.length !== variants.length) throw new Error('the compression service made fewer images');
  const images = await Promise.all(
    made.variants.map((each, index) => running.fetchImage(String(index), each)),
  );
  return { width: made.width, height: made.height, blurhash: made.blurhash, images };
}

async function makeVideoPreview(
  running: Exchange,
  client: ObjectClient,
  source: SourceMedia,
): Promise<VideoPreview> {
  const input = await running.send(source);
  const made = await client.previewVideo(
    {
      input,
      poster: running.place('poster'),
      strip: running.place('strip'),
      stripFrames: STRIP_FRAMES,
      maxWidth: POSTER_PIXELS,
      owner: source.organizationId,
    },
    running.options,
  );
  if (!made.poster || !made.strip) throw new Error('the compression service made no poster or no strip');
  const [poster, strip] = await Promise.all([
    running.fetchImage('poster', made.poster),
    running.fetchImage('strip', made.strip),
  ]);
  const { width, height, durationSeconds, blurhash } = made;
  return { width, height, durationSeconds, blurhash, poster, strip };
}

async function makeDocumentPreview(
  running: Exchange,
  client: ObjectClient,
  source: SourceMedia,
  wanted: readonly PageImage[],
): Promise<DocumentPreview> {
  const input = await running.send(source);
  const outputs = wanted.map((image, index) => ({ ...image, output: running.place(String(index)) }));
  const made = await client.previewDocument(
    { input, images: outputs, owner: source.organizationId },
    running.options,
  );
  const { width, height, blurhash } = made;
  const pageCount = made.pageCount || undefined;
  if (made.images.length !== wanted.filter(({ page }) => page <= (pageCount ?? 1)).length)
    throw new Error('the compression service drew fewer pages');
  const images = await Promise.all(made.images.map((each, index) => running.fetchImage(String(index), each)));
  const shows = DOCUMENT_IMAGES[made.shows]; // in the order of the contract
  if (!shows) throw new Error('the compression service shows what is not known here');
  return { pageCount, shows, width, height, blurhash, images };
}

function connect(connection: Connection): CompressionService {
  const clientFor = createClients(connection);
  const exchange = async <T>(work: (running: Exchange, client: ObjectClient) => Promise<T>): Promise<T> => {
    const running = new Exchange(connection);
    try {
      return await work(running, await clientFor(running.task));
    } catch (error) {
      if (running.isTooLong)
        throw new ServiceExhausted('a content was worked on for too long', { cause: error });
      throw await toMediaError(error);
    } finally {
      await running.end();
    }
  };
  return {
    makeImageVariants: (source, variants) =>
      exchange((running, objects) => makeImageVariants(running, objects, source, variants)),
    makeVideoPreview: (source) => exchange((running, objects) => makeVideoPreview(running, objects, source)),
    makeDocumentPreview: (source, images) =>
      exchange((running, objects) => makeDocumentPreview(running, objects, source, images)),
  };
}

/** The service as the ports of `media/compression`. */
export interface CompressionPorts {
  compression: CompressionService | undefined;
  compressionTasks: CompressionTasks | undefined;
}

/** The service behind one circuit breaker; undefined when none is configured. */
export function createCompressionPorts(connection: Connection | undefined, clock: Clock): CompressionPorts {
  if (!connection) return { compression: undefined, compressionTasks: undefined };
  const [service, tasks] = [connect(connection), connectTasks(connection)];
  const breaker = createBreaker({
    name: 'compression service',
    clock,
    failureThreshold: 5,
    openMs: 10_000,
    isFailure: (error) => !(error instanceof MediaRefused || error instanceof ServiceExhausted),
  });
  return {
    compression: {
      makeImageVariants: (source, variants) => breaker.run(() => service.makeImageVariants(source, variants)),
      makeVideoPreview: (source) => breaker.run(() => service.makeVideoPreview(source)),
      makeDocumentPreview: (source, images) => breaker.run(() => service.makeDocumentPreview(source, images)),
    },
    compressionTasks: {
      findOffset: (taskId) => breaker.run(() => tasks.findOffset(taskId)),
      sendPiece: (taskId, piece) => breaker.run(() => tasks.sendPiece(taskId, piece)),
      start: (task) => breaker.run(() => tasks.start(task)),
      find: (taskId) => breaker.run(() => tasks.find(taskId)),
      readCopy: (taskId, range) => breaker.run(() => tasks.readCopy(taskId, range)),
      end: (taskId) => breaker.run(() => tasks.end(taskId)),
    },
  };
}
