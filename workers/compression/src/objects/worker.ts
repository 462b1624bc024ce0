/** The process that works on one object, or on some steps of it, and ends. Its parent asks; see `object-messages.ts`. */
import { serveRequests } from '../processes/serve-requests.ts';
import type { ObjectTask, TaskProgress } from './object-messages.ts';

serveRequests(async (task: ObjectTask, report: (progress: TaskProgress) => void) => {
  switch (task.type) {
    case 'image':
      return (await import('./images.ts')).compressImage(task);
    case 'variants':
      return (await import('./images.ts')).makeVariants(task);
    case 'inspect':
      return (await import('./video-steps.ts')).inspectRecording(task.input);
    case 'measure':
      return (await import('./video-steps.ts')).measurePart(task);
    case 'encode':
      return (await import('./video-steps.ts')).encodeCopy(task, report);
    case 'verify':
      return (await import('./video-steps.ts')).verify(task, report);
    case 'preview':
      return (await import('./preview-video.ts')).previewVideo(task);
    case 'document':
      return (await import('../documents/preview-document.ts')).previewDocument(task);
  }
});
