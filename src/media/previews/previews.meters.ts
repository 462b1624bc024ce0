import { defineMeter } from '../../kernel/modules/index.ts';
import { previewKindOf, selectStoredFile } from '../files/index.ts';
import { previewMade } from './previews.events.ts';

/** A file has one preview, made once. The work of the service counts, not the number of images. */
export const previews = defineMeter({
  name: 'previews',
  feature: 'previews',
  unit: 'count',
  unitQuantity: 1,
  description:
    'Files of which preview images were made, each once. `kind` is `image`, `video` or `document`.',
  dimensions: ['kind'],
  event: previewMade,
  read: async (ctx, { fileId }) => {
    const [rows] = await ctx.read((q) => [selectStoredFile(q, ctx.organizationId, fileId)]);
    return rows.map(({ id, contentType, userId, previewStatus }) => ({
      key: id,
      occurredAtMs: ctx.clock.now(),
      quantity: previewStatus === 'ready' ? 1 : 0,
      // The first reading counts: it is made right after the preview, and there is no second one.
      version: 1,
      dimensions: { kind: previewKindOf(contentType) ?? 'image' },
      userId,
    }));
  },
});
