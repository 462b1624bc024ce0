import type { Ctx } from '../../kernel/context/index.ts';
import {
  type CompressionService,
  type ImageVariant,
  type MadeImage,
  MediaRefused,
  type PageImage,
} from '../compression/index.ts';
import {
  fileKey,
  type FileRow,
  type Preview,
  type PreviewImageName,
  previewKey,
  previewKindOf,
  recordPreview,
  selectStoredFile,
} from '../files/index.ts';
import { previewMade } from './previews.events.ts';

const VARIANTS: readonly (readonly [PreviewImageName, ImageVariant])[] = [
  ['thumbnail.webp', { format: 'webp', maxPixels: 320 }],
  ['large.webp', { format: 'webp', maxPixels: 1280 }],
  ['large.avif', { format: 'avif', maxPixels: 1280 }],
];

/** The first page twice, as a picture; and the two after it. */
const PAGES: readonly (readonly [PreviewImageName, PageImage])[] = [
  ['thumbnail.webp', { page: 1, maxPixels: 320 }],
  ['large.webp', { page: 1, maxPixels: 1280 }],
  ['page-2.webp', { page: 2, maxPixels: 1280 }],
  ['page-3.webp', { page: 3, maxPixels: 1280 }],
];

type NamedImage = MadeImage & { name: PreviewImageName };
type MadePreview = Omit<Preview, 'images'> & { images: NamedImage[] };

async function openSource({ ports: { objects } }: Ctx, file: FileRow) {
  const object = await objects.get(fileKey(file));
  if (!object) throw new Error(`${fileKey(file)} is not in object storage`);
  return { body: object.body, sizeBytes: object.sizeBytes, organizationId: file.organizationId };
}

async function makeImages(ctx: Ctx, service: CompressionService, file: FileRow): Promise<MadePreview> {
  const source = await openSource(ctx, file);
  const kind = previewKindOf(file.contentType);
  if (kind === 'video') {
    const { poster, strip, ...video } = await service.makeVideoPreview(source);
    return {
      ...video,
      images: [
        { ...poster, name: 'poster.webp' },
        { ...strip, name: 'strip.webp' },
      ],
    };
  }
  if (kind === 'document') {
    const wanted = PAGES.map(([, image]) => image);
    const { images, pageCount, ...document } = await service.makeDocumentPreview(source, wanted);
    const named = images.map((image, index) => ({ ...image, name: PAGES[index]![0] }));
    return { ...document, ...(pageCount ? { pageCount } : {}), durationSeconds: null, images: named };
  }
  const { images, ...picture } = await service.makeImageVariants(
    source,
    VARIANTS.map(([, variant]) => variant),
  );
  const named = VARIANTS.map(([name], index) => ({ ...images[index]!, name }));
  return { ...picture, durationSeconds: null, images: named };
}

/** Stores the images, then records them: images that a failure leaves in between are overwritten, or deleted with the file. */
async function storePreview(ctx: Ctx, file: FileRow, { images, ...facts }: MadePreview): Promise<void> {
  const { objects } = ctx.ports;
  await Promise.all(
    images.map(({ name, bytes, contentType }) => objects.put(previewKey(file, name), bytes, { contentType })),
  );
  const stored = images.map(({ bytes, ...image }) => ({ ...image, sizeBytes: bytes.length }));
  const preview = { ...facts, images: stored };
  await ctx.commit({
    write: (q) => [recordPreview(q, file, { previewStatus: 'ready', preview })],
    events: [previewMade.of({ fileId: file.id })],
    result: undefined,
  });
}

/** Stores that a file has no preview: `none` by our rules, `failed` by its content. */
export const recordNoPreview = (ctx: Ctx, file: FileRow, previewStatus: 'none' | 'failed'): Promise<void> =>
  ctx.commit({
    write: (q) => [recordPreview(q, file, { previewStatus, preview: null })],
    result: undefined,
  });

/** Makes the preview of a file that waits for it. @throws what the service fails with, except its refusal */
export async function previewFile(ctx: Ctx, file: FileRow): Promise<void> {
  const { compression } = ctx.ports;
  if (file.previewStatus !== 'pending' || file.scanStatus === 'pending') return;
  if (file.scanStatus === 'infected' || file.scanStatus === 'failed')
    return recordNoPreview(ctx, file, 'none');
  if (!compression) return;
  let made: MadePreview;
  try {
    made = await makeImages(ctx, compression, file);
  } catch (error) {
    if (!(error instanceof MediaRefused)) throw error;
    ctx.log.info('previews.refused', { fileId: file.id, reason: error.message });
    return recordNoPreview(ctx, file, 'failed');
  }
  await storePreview(ctx, file, made);
}

/** Makes the preview of a file that has been scanned. @throws what the service fails with; the delivery is repeated */
export async function makePreview(ctx: Ctx, { fileId }: { fileId: string }): Promise<void> {
  const [[file]] = await ctx.read((q) => [selectStoredFile(q, ctx.organizationId, fileId)]);
  if (file) await previewFile(ctx, file);
}
