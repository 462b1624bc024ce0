import {
  type CompressionService,
  type MadeImage,
  MediaRefused,
  ServiceBusy,
  ServiceExhausted,
  type SourceMedia,
} from '../../../src/media/compression/index.ts';

/** What the service does with the next contents. */
export type CompressionFault = 'refuses' | 'is down' | 'is exhausted' | 'is busy' | undefined;

/** A compression service that draws nothing: its images say what they are of. */
export class FakeCompression implements CompressionService {
  fault: CompressionFault;
  /** Sizes of the contents that it read to their end. */
  readonly read: number[] = [];
  /** Whose they were. */
  readonly owners: string[] = [];
  /** Runs while the service works on a content. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  async #receive({ body, sizeBytes, organizationId }: SourceMedia) {
    const text = await new Response(body).text();
    this.read.push(sizeBytes);
    this.owners.push(organizationId);
    if (this.fault === 'is down') throw new Error('the compression service is down');
    if (this.fault === 'is exhausted') throw new ServiceExhausted('the process has ended');
    if (this.fault === 'is busy') throw new ServiceBusy('too many objects wait');
    if (this.fault === 'refuses') throw new MediaRefused('not a picture');
    await this.meanwhile();
    return { text, end: text.slice(-4) };
  }

  readonly makeImageVariants: CompressionService['makeImageVariants'] = async (source, variants) => {
    const { end } = await this.#receive(source);
    const images = variants.map(({ format, maxPixels }) => draw(`${format} ${end}`, format, maxPixels));
    return { width: 4000, height: 2000, blurhash: 'L00000fQfQfQfQfQfQfQfQfQfQfQ', images };
  };

  readonly makeDocumentPreview: CompressionService['makeDocumentPreview'] = async (source, images) => {
    const { text, end } = await this.#receive(source);
    const isPdf = text.startsWith('%PDF');
    const pageCount = isPdf ? 2 : undefined;
    const drawn = images.filter(({ page }) => page <= (pageCount ?? 1));
    const shows = isPdf ? ('pages' as const) : ('text' as const);
    const facts = { pageCount, shows, width: 612, height: 792, blurhash: 'L00000fQfQfQfQfQfQfQfQfQfQfQ' };
    return {
      ...facts,
      images: drawn.map(({ page, maxPixels }) => draw(`page ${page} ${end}`, 'webp', maxPixels)),
    };
  };

  readonly makeVideoPreview: CompressionService['makeVideoPreview'] = async (source) => {
    const { end } = await this.#receive(source);
    const facts = {
      width: 1920,
      height: 1080,
      durationSeconds: 12.5,
      blurhash: 'L00000fQfQfQfQfQfQfQfQfQfQfQ',
    };
    return {
      ...facts,
      poster: draw(`poster ${end}`, 'webp', 1280),
      strip: draw(`strip ${end}`, 'webp', 1280),
    };
  };
}

const draw = (text: string, format: string, width: number): MadeImage => ({
  bytes: Uint8Array.from(new TextEncoder().encode(text)),
  contentType: `image/${format}`,
  width,
  height: width / 2,
});
