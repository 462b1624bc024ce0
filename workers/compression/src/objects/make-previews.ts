import { join } from 'node:path';
import type {
  ImageVariantsRequest,
  PreviewDocumentRequest,
  PreviewVideoRequest,
} from '../../generated/auralink/aic/v1/objects_pb.js';
import type { ImageFile } from './object-messages.ts';
import { DOCUMENT_IMAGES, IMAGE_FORMATS, presentImage, readLocation } from './object-requests.ts';
import { checkLocation, type LocationLimits, ObjectError, readObject, writeObject } from './locations.ts';
import type { TaskRun } from './task-queue.ts';

const MAX_VARIANTS = 12;
const MAX_EDGE = 8_192;

/** Copies of an image, in its turn. */
export async function makeVariants(request: ImageVariantsRequest, run: TaskRun, limits: LocationLimits) {
  const input = join(run.folder, 'input');
  const { variants: wanted, blurhash } = request;
  if (wanted.length > MAX_VARIANTS) throw new ObjectError(`there are at most ${MAX_VARIANTS} variants`);
  const variants = wanted.map(({ format, maxWidth, maxHeight, quality }, i) => {
    const isEdge = (edge: number) => edge >= 0 && edge <= MAX_EDGE;
    if (!isEdge(maxWidth) || !isEdge(maxHeight))
      throw new ObjectError(`an edge has at most ${MAX_EDGE} pixels`);
    if (quality < 0 || quality > 100) throw new ObjectError('quality is from 1 to 100');
    return {
      format: IMAGE_FORMATS[format],
      maxWidth,
      maxHeight,
      quality,
      output: join(run.folder, `variant-${i}`),
    };
  });
  for (const { output } of wanted) await checkLocation(readLocation(output), limits);
  await readObject(readLocation(request.input), input, limits, run.signal);
  const value = await run.process.ask({ type: 'variants', input, variants, blurhash });
  const written = await Promise.all(
    value.files.map(async (file, i) => {
      const location = readLocation(wanted[i]!.output);
      return presentImage(
        file,
        await writeObject(location, variants[i]!.output, file.contentType, limits, run.signal),
      );
    }),
  );
  return { ...value, variants: written };
}

/** Poster and strip of a video, in its turn. */
export async function makePreview(request: PreviewVideoRequest, run: TaskRun, limits: LocationLimits) {
  const [input, poster, strip] = ['input', 'poster', 'strip'].map((name) => join(run.folder, name)) as [
    string,
    string,
    string,
  ];
  const stripFrames = request.stripFrames || 8;
  const maxWidth = request.maxWidth || 1_280;
  if (stripFrames < 2 || stripFrames > 20) throw new ObjectError('strip_frames is from 2 to 20');
  if (maxWidth < 64 || maxWidth > 1_920) throw new ObjectError('max_width is from 64 to 1920');
  await checkLocation(readLocation(request.poster), limits);
  await readObject(readLocation(request.input), input, limits, run.signal);
  const wanted = request.strip ? strip : undefined;
  const value = await run.process.ask({
    type: 'preview',
    input,
    poster,
    strip: wanted,
    stripFrames,
    maxWidth,
  });
  const write = async (location: typeof request.poster, path: string, file: typeof value.poster) =>
    presentImage(file, await writeObject(readLocation(location), path, file.contentType, limits, run.signal));
  return {
    ...value,
    poster: await write(request.poster, poster, value.poster),
    strip: value.strip ? await write(request.strip, strip, value.strip) : undefined,
  };
}

const MAX_PAGE_EDGE = 2_048;

function readPages({ images }: PreviewDocumentRequest, folder: string) {
  if (images.length < 1 || images.length > MAX_VARIANTS)
    throw new ObjectError(`there are 1 to ${MAX_VARIANTS} images`);
  return images.map(({ page, maxPixels }, i) => {
    if (page < 1 || (i > 0 && page < images[i - 1]!.page))
      throw new ObjectError('pages are from 1, in their order');
    if (maxPixels !== 0 && (maxPixels < 16 || maxPixels > MAX_PAGE_EDGE))
      throw new ObjectError(`max_pixels is from 16 to ${MAX_PAGE_EDGE}`);
    return { page, maxPixels: maxPixels || 1_280, output: join(folder, `page-${i}`) };
  });
}

/** Pages of a document, in its turn. */
export async function makeDocumentPreview(
  request: PreviewDocumentRequest,
  run: TaskRun,
  limits: LocationLimits,
) {
  const input = join(run.folder, 'input');
  const images = readPages(request, run.folder);
  for (const { output } of request.images) await checkLocation(readLocation(output), limits);
  await readObject(readLocation(request.input), input, limits, run.signal);
  const value = await run.process.ask({ type: 'document', input, images });
  const written = await Promise.all(
    value.files.map(async (file: ImageFile, i: number) => {
      const location = readLocation(request.images[i]!.output);
      return presentImage(
        file,
        await writeObject(location, images[i]!.output, file.contentType, limits, run.signal),
      );
    }),
  );
  return { ...value, shows: DOCUMENT_IMAGES[value.shows], images: written };
}
